#include "dsl/json_writer.h"

#include "base/text.h"

namespace sojourn::dsl {

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  if (on_new_line_) out_ += '\n';
  needs_comma_ = true;
  on_new_line_ = false;
}

JsonWriter& JsonWriter::open(char brace) {
  separate();
  out_ += brace;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char brace) {
  out_ += brace;
  needs_comma_ = true;
  on_new_line_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  base::append_json_string(out_, name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  base::append_json_string(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  separate();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

}  // namespace sojourn::dsl
