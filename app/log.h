// The structured log: one JSON object a line on stderr, for the service manager
// to keep. No personal values: people appear by internal id or message key.
// Callable from any thread; lines do not mix. A line waits for nobody to read it
// (line_output.h); how many were lost by that is said as `log_lines_lost`.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "app/line_output.h"
#include "base/clock.h"

namespace sojourn::app {

class Log {
 public:
  enum class Level { kInfo, kWarning, kError };
  using Field = std::pair<std::string_view, std::string_view>;

  // `clock` stamps the lines and outlives the log. A quiet log writes only errors.
  Log(base::Clock& clock, bool quiet, int descriptor = STDERR_FILENO)
      : clock_(clock), quiet_(quiet), output_(descriptor) {}

  // `event` is a stable word that an operator can search for.
  void line(Level level, std::string_view event, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view event, std::initializer_list<Field> fields = {}) const {
    line(Level::kInfo, event, fields);
  }
  // Lines that nobody has read yet leave as far as there is room.
  void flush() const;

 private:
  std::string text_of(Level level, std::string_view event,
                      std::initializer_list<Field> fields) const;
  void say_lost() const;

  base::Clock& clock_;
  bool quiet_;
  mutable LineOutput output_;
};

}  // namespace sojourn::app
