#include "app/log.h"

#include <cstdio>
#include <string>

#include "base/text.h"

namespace sojourn::app {

void Log::line(Level level, std::string_view event, std::initializer_list<Field> fields) const {
  if (quiet_ && level != Level::kError) return;
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
  std::fwrite(out.data(), 1, out.size(), stderr);
}

}  // namespace sojourn::app
