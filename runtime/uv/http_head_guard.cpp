#include "runtime/uv/http_head_guard.h"

namespace sojourn::uv {

const char* doubt_about_head(std::string_view lines) {
  std::size_t line = 0;
  while (line < lines.size()) {
    if (lines[line] == ' ' || lines[line] == '\t') return "header line that continues another";
    const std::size_t lf = lines.find('\n', line);
    if (lf == std::string_view::npos) return "line without an end";
    const std::string_view text = lines.substr(line, lf - line);
    if (text.find('\0') != std::string_view::npos) return "NUL byte in the head";
    // The first CR of the line must be the one before its LF.
    const std::size_t cr = text.find('\r');
    if (cr == std::string_view::npos) return "LF without CR";
    if (cr + 1 != text.size()) return "CR without LF";
    line = lf + 1;
  }
  return nullptr;
}

}  // namespace sojourn::uv
