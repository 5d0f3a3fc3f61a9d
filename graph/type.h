// Types of the language (section 4). A plain value type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sojourn::graph {

struct TypedField;

struct Type {
  enum class Kind : std::uint8_t {
    kAny,
    kString,
    kInteger,
    kNumber,
    kBoolean,
    kTimestamp,
    kDate,
    kTimeOfDay,
    kDuration,
    kTimezone,
    kOneOf,   // one of `choices`, ordered as declared
    kList,    // of `element`
    kObject,  // with `fields`
  };

  Kind kind = Kind::kAny;
  bool optional = false;  // may be missing
  std::vector<std::string> choices;
  std::shared_ptr<const Type> element;
  std::vector<TypedField> fields;

  friend bool operator==(const Type& a, const Type& b);
};

struct TypedField {
  std::string name;
  Type type;
  friend bool operator==(const TypedField&, const TypedField&) = default;
};

// As an author writes it: `"free" | "trial"`, `[string]`, `timestamp?`.
std::string to_string(const Type& type);

}  // namespace sojourn::graph
