// Whom an item of the intake names. Pure.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "runtime/intake.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

template <typename Visit>
void for_each_identity(const Person& person, Visit visit) {
  if (person.email) visit(store::Identity{store::Identity::Kind::kEmail, *person.email});
  if (person.user_id) visit(store::Identity{store::Identity::Kind::kUserId, *person.user_id});
}

inline std::string name_of(const Person& person) {
  return person.email ? *person.email : person.user_id.value_or("");
}

// Nobody has their name.
inline IntakeFailure not_found(const Person& person) {
  return {person.email ? "notFoundEmails" : "notFoundUserIds", name_of(person)};
}

inline const Person& person_of(const IntakeItem& item) {
  return std::visit([](const auto& it) -> const Person& { return it.person; }, item);
}

// The identities that an item speaks of beside its person's: those that an update moves its user
// to (`email` and `userId` among its fields, as Iterable's userID-based projects do it), a new
// email, and the source of a merge.
template <typename Visit>
void for_each_new_identity(const IntakeItem& item, Visit visit) {
  const auto* update = std::get_if<IntakeUpdate>(&item);
  if (const auto* rename = std::get_if<IntakeRename>(&item)) {
    visit(store::Identity{store::Identity::Kind::kEmail, rename->new_email});
  }
  if (const auto* merge = std::get_if<IntakeMerge>(&item)) for_each_identity(merge->source, visit);
  const auto* event = std::get_if<IntakeEvent>(&item);
  if (event != nullptr && event->update) update = &*event->update;
  if (const auto* change = std::get_if<IntakeListChange>(&item)) update = &change->update;
  if (update == nullptr) return;
  for (const auto& [name, value] : update->fields) {
    if (value.kind() != graph::Value::Kind::kString) continue;
    if (name == "email") visit(store::Identity{store::Identity::Kind::kEmail, value.as_string()});
    if (name == "userId") visit(store::Identity{store::Identity::Kind::kUserId, value.as_string()});
  }
}

}  // namespace sojourn::runtime
