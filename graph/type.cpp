#include "graph/type.h"

#include "base/text.h"

namespace sojourn::graph {
namespace {

std::string one_of(const std::vector<std::string>& choices) {
  std::string out;
  for (const std::string& choice : choices) {
    if (!out.empty()) out += " | ";
    base::append_json_string(out, choice);
  }
  return out;
}

std::string object(const std::vector<TypedField>& fields) {
  if (fields.empty()) return "{}";
  std::string out = "{ ";
  for (const TypedField& field : fields) {
    if (out.size() > 2) out += ", ";
    out += field.name + " " + to_string(field.type);
  }
  return out + " }";
}

std::string required(const Type& type) {
  switch (type.kind) {
    case Type::Kind::kAny:
      return "any";
    case Type::Kind::kString:
      return "string";
    case Type::Kind::kInteger:
      return "integer";
    case Type::Kind::kNumber:
      return "number";
    case Type::Kind::kBoolean:
      return "boolean";
    case Type::Kind::kTimestamp:
      return "timestamp";
    case Type::Kind::kDate:
      return "date";
    case Type::Kind::kTimeOfDay:
      return "time of day";
    case Type::Kind::kDuration:
      return "duration";
    case Type::Kind::kTimezone:
      return "timezone";
    case Type::Kind::kOneOf:
      return one_of(type.choices);
    case Type::Kind::kList:
      return "[" + (type.element ? to_string(*type.element) : "any") + "]";
    case Type::Kind::kObject:
      return object(type.fields);
  }
  return "any";
}

}  // namespace

bool operator==(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.optional != b.optional || a.choices != b.choices ||
      a.fields != b.fields) {
    return false;
  }
  if (a.element == b.element) return true;
  return a.element && b.element && *a.element == *b.element;
}

std::string to_string(const Type& type) {
  return type.optional ? required(type) + "?" : required(type);
}

}  // namespace sojourn::graph
