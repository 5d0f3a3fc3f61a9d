#include "dsl/world.h"

#include <algorithm>
#include <fmt/core.h>

#include "dsl/affinity.h"
#include "graph/built_in.h"

namespace sojourn::dsl {
namespace {

const graph::UserField* find_built_in(std::string_view name) {
  const auto fields = graph::built_in_user_fields();
  const auto found = std::ranges::find(fields, name, &graph::UserField::name);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace

bool World::is_untyped(std::string_view owner, std::string_view name,
                       std::string_view field) const {
  if (untyped.empty()) return false;
  return untyped.contains(field.empty() ? fmt::format("{}.{}", owner, name)
                                        : fmt::format("{}.{}.{}", owner, name, field));
}

const graph::UserField* World::find_user_field(std::string_view name) const {
  const graph::UserField* declared = catalog.find_user_field(name);
  return declared != nullptr ? declared : find_built_in(name);
}

std::vector<std::string_view> World::user_field_names() const {
  std::vector<std::string_view> names = names_of(user_fields);
  for (const graph::UserField& field : graph::built_in_user_fields()) names.push_back(field.name);
  names.push_back(kAffinity);
  return names;
}

bool World::is_written_by_iterable(std::string_view field) {
  if (field == "phoneNumber" || field == "timeZone" || field == "locale") return false;
  return find_built_in(field) != nullptr;
}

}  // namespace sojourn::dsl
