#include "runtime/intake_words.h"

#include <algorithm>

#include "base/text.h"

namespace sojourn::runtime {
namespace {

// A part `.` or `..`: no encoding keeps a name from being a step in a path then.
bool has_step(std::string_view name) {
  for (;;) {
    const std::size_t slash = name.find_first_of("/\\");
    const std::string_view part = name.substr(0, slash);
    if (part == "." || part == "..") return true;
    if (slash == std::string_view::npos) return false;
    name.remove_prefix(slash + 1);
  }
}

}  // namespace

bool well_formed_email(std::string_view email) {
  const std::size_t at = email.find('@');
  if (at == 0 || at == std::string_view::npos ||
      email.find('@', at + 1) != std::string_view::npos) {
    return false;
  }
  const std::string_view domain = email.substr(at + 1);
  const std::size_t dot = domain.find('.');
  return email.size() <= 254 && !has_step(email) && !base::first_invalid_utf8(email) &&
         dot != std::string_view::npos && dot != 0 && domain.back() != '.' &&
         std::none_of(email.begin(), email.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) == 0x7f;
         });
}

bool well_formed_user_id(std::string_view id) {
  return !id.empty() && id.size() <= 52 && id.back() != ' ' && !has_step(id) &&
         std::all_of(id.begin(), id.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string_view incoming_type(const simdjson::dom::element& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "array";
    case simdjson::dom::element_type::OBJECT:
      return "object";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
      return "long";
    case simdjson::dom::element_type::DOUBLE:
      return "double";
    case simdjson::dom::element_type::STRING:
      return "string";
    case simdjson::dom::element_type::BOOL:
      return "boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
  }
  return "unknown";
}

std::string_view expected_type(const graph::Type& type) {
  switch (type.kind) {
    case graph::Type::Kind::kInteger:
      return "long";
    case graph::Type::Kind::kNumber:
      return "double";
    case graph::Type::Kind::kBoolean:
      return "boolean";
    case graph::Type::Kind::kTimestamp:
    case graph::Type::Kind::kDate:
      return "date";
    case graph::Type::Kind::kObject:
      return "object";
    case graph::Type::Kind::kList:
      return "array";
    default:
      return "string";
  }
}

}  // namespace sojourn::runtime
