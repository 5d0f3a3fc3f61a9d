#include "dsl/world.h"

#include <algorithm>

#include <fmt/core.h>

#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

graph::UserField built_in(std::string_view name, graph::Type type) {
  return {std::string(name), as_optional(std::move(type)), {}};
}

}  // namespace

bool World::is_untyped(std::string_view owner, std::string_view name,
                       std::string_view field) const {
  if (untyped.empty()) return false;
  return untyped.contains(field.empty() ? fmt::format("{}.{}", owner, name)
                                        : fmt::format("{}.{}.{}", owner, name, field));
}

const std::vector<graph::UserField>& World::built_in_fields() {
  static const std::vector<graph::UserField> fields = {
      built_in("email", type_of(Kind::kString)),
      built_in("userId", type_of(Kind::kString)),
      built_in("phoneNumber", type_of(Kind::kString)),
      built_in("timeZone", type_of(Kind::kTimezone)),
      built_in("locale", type_of(Kind::kString)),
      built_in("signupDate", type_of(Kind::kTimestamp)),
      built_in("signupSource", type_of(Kind::kString)),
      built_in("profileUpdatedAt", type_of(Kind::kTimestamp)),
      built_in("city", type_of(Kind::kString)),
      built_in("region", type_of(Kind::kString)),
      built_in("country", type_of(Kind::kString)),
      built_in("emailListIds", list_of(type_of(Kind::kInteger))),
      built_in("unsubscribedChannelIds", list_of(type_of(Kind::kInteger))),
      built_in("unsubscribedMessageTypeIds", list_of(type_of(Kind::kInteger))),
      built_in("subscribedMessageTypeIds", list_of(type_of(Kind::kInteger))),
  };
  return fields;
}

bool World::is_written_by_iterable(std::string_view field) {
  if (field == "phoneNumber" || field == "timeZone" || field == "locale") return false;
  const auto& fields = built_in_fields();
  return std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.name == field; });
}

}  // namespace sojourn::dsl
