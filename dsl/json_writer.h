// Writes JSON piece by piece, with the commas where they belong. What is written is
// valid if every begin has its end and every value of an object its key. Appends
// to a string of the caller; on the stack, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sojourn::dsl {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& boolean(bool value);
  // What comes next begins on a line of its own.
  JsonWriter& line() {
    on_new_line_ = true;
    return *this;
  }

  JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, std::uint32_t value) { return key(name).number(value); }

 private:
  JsonWriter& open(char brace);
  JsonWriter& close(char brace);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
  bool on_new_line_ = false;
};

}  // namespace sojourn::dsl
