// The structured log: one JSON object a line on stderr, for the service manager
// to keep. No personal values: people appear by internal id or message key.
// Callable from any thread; lines do not mix.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace sojourn::app {

class Log {
 public:
  enum class Level { kInfo, kWarning, kError };
  using Field = std::pair<std::string_view, std::string_view>;

  // `clock` stamps the lines and outlives the log. A quiet log writes only errors.
  Log(base::Clock& clock, bool quiet) : clock_(clock), quiet_(quiet) {}

  // `event` is a stable word that an operator can search for.
  void line(Level level, std::string_view event, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view event, std::initializer_list<Field> fields = {}) const {
    line(Level::kInfo, event, fields);
  }

 private:
  base::Clock& clock_;
  bool quiet_;
};

}  // namespace sojourn::app
