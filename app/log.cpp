#include "app/log.h"

#include <string>

#include "base/text.h"

namespace sojourn::app {

void Log::line(Level level, std::string_view event, std::initializer_list<Field> fields) const {
  if (quiet_ && level != Level::kError) return;
  say_lost();
  output_.write(text_of(level, event, fields));
}

void Log::flush() const {
  output_.flush();
  say_lost();
}

void Log::say_lost() const {
  const std::uint64_t lost = output_.take_lost();
  if (lost == 0) return;
  output_.write(text_of(Level::kWarning, "log_lines_lost", {{"lines", std::to_string(lost)}}));
}

std::string Log::text_of(Level level, std::string_view event,
                         std::initializer_list<Field> fields) const {
  std::string out = R"({"at":)";
  base::append_json_string(out, base::to_iso8601(clock_.wall()));
  out += R"(,"level":)";
  base::append_json_string(out, level == Level::kInfo      ? "info"
                                : level == Level::kWarning ? "warning"
                                                           : "error");
  out += R"(,"event":)";
  base::append_json_string(out, event);
  for (const auto& [name, value] : fields) {
    out += ',';
    base::append_json_string(out, name);
    out += ':';
    base::append_json_string(out, value);
  }
  out += "}\n";
  return out;
}

}  // namespace sojourn::app
