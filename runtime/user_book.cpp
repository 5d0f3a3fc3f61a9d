#include "runtime/user_book.h"

#include <fmt/format.h>
#include <functional>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "runtime/program.h"
#include "runtime/tombstone_book.h"
#include "runtime/user_cache.h"

namespace sojourn::runtime {
namespace {

using store::Identity;

std::optional<Identity> email_of(const Person& person) {
  if (!person.email) return std::nullopt;
  return Identity{Identity::Kind::kEmail, *person.email};
}

std::optional<Identity> user_id_of(const Person& person) {
  if (!person.user_id) return std::nullopt;
  return Identity{Identity::Kind::kUserId, *person.user_id};
}

const std::optional<std::string>& held(const UserState& user, Identity::Kind kind) {
  return kind == Identity::Kind::kEmail ? user.head().email : user.head().user_id;
}

IntakeFailure conflict(const Identity& identity) {
  return IntakeFailure{
      identity.kind == Identity::Kind::kEmail ? "conflictEmails" : "conflictUserIds",
      identity.value};
}

}  // namespace

UserBook::UserBook(const TurnContext& context, TurnRecord& record)
    : context_(context), record_(record) {}

std::size_t UserBook::IdentityHash::operator()(const Identity& identity) const {
  return std::hash<std::string_view>{}(identity.value) + static_cast<std::size_t>(identity.kind);
}

bool UserBook::want(const Identity& identity) {
  return identities_.try_emplace(identity).second;
}

void UserBook::know(const Identity& identity, std::optional<store::UserId> user) {
  identities_.at(identity) = Known{user, user};
}

base::Status UserBook::load(const std::vector<store::UserId>& more) {
  store::ReadSet read;
  // A user who is not stored stays null.
  const auto ask = [&](store::UserId id) {
    const auto [place, is_new] = users_.try_emplace(id.packed());
    if (!is_new) return;
    if (auto kept = context_.users.take(id)) {
      order_.push_back(kept.get());
      place->second = std::move(kept);
    } else {
      read.users.push_back(id);
    }
  };
  for (const store::UserId id : more) ask(id);
  for (const auto& [identity, known] : identities_) {
    if (known.user) ask(*known.user);
  }
  if (read.users.empty()) return {};
  auto loaded = context_.store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  for (std::size_t i = 0; i < read.users.size(); ++i) {
    if (loaded->users[i].empty()) continue;
    auto user = UserState::from_rows(read.users[i], loaded->users[i], context_.program);
    if (!user) return tl::unexpected(user.error());
    add(std::make_unique<UserState>(std::move(*user)));
  }
  return {};
}

UserState& UserBook::add(std::unique_ptr<UserState> user) {
  UserState& added = *user;
  order_.push_back(&added);
  users_[added.id().packed()] = std::move(user);
  return added;
}

UserState* UserBook::find(store::UserId id) {
  const auto found = users_.find(id.packed());
  if (found == users_.end() || found->second == nullptr) return nullptr;
  return found->second->is_gone() ? nullptr : found->second.get();
}

UserState* UserBook::must_find(store::UserId id) {
  UserState* user = find(id);
  if (user == nullptr) {
    status_ = base::failure(
        base::Error::Kind::kFatal,
        fmt::format("a delivery is stored about the user {:016x}, of whom nothing else is",
                    id.packed()),
        "the database is damaged");
  }
  return user;
}

UserState* UserBook::owner(const std::optional<Identity>& identity) {
  if (!identity) return nullptr;
  const auto found = identities_.find(*identity);
  SOJOURN_CHECK(found != identities_.end(), "a turn asks for every identity before it works");
  const auto& user = found->second.user;
  return user ? find(*user) : nullptr;
}

std::optional<store::UserId> UserBook::whoever_has(const Identity& identity) {
  const auto known = identities_.find(identity);
  if (known != identities_.end()) return known->second.user;
  store::ReadSet read;
  read.identities.push_back(identity);
  const auto loaded = context_.store.load(read);
  if (loaded) return loaded->identities.front();
  status_ = tl::unexpected(loaded.error());
  return std::nullopt;
}

void UserBook::free(const UserState& user, Identity::Kind kind) {
  const std::optional<std::string>& name = held(user, kind);
  if (!name) return;
  // It may not have been asked for; then the store has it as this user's.
  const Known theirs{user.id(), user.id()};
  identities_.try_emplace({kind, *name}, theirs).first->second.user = std::nullopt;
}

void UserBook::give(UserState& user, const Identity& identity) {
  free(user, identity.kind);
  identities_.at(identity).user = user.id();
  user.set_identity(identity);
}

UserState& UserBook::create(const Identity& first) {
  auto id = context_.store.new_user(first.shard());
  if (!id) {
    status_ = tl::unexpected(id.error());
    id = store::UserId{first.shard(), 0};
  }
  UserState& user = add(std::make_unique<UserState>(*id, context_.program));
  give(user, first);
  return user;
}

bool UserBook::has_anothers_user_id(const Person& person) {
  const bool may_be = context_.settings.identity == connectors::ProjectIdentity::kEmail &&
                      person.email && person.user_id;
  if (!may_be) return false;
  const UserState* by_user_id = owner(user_id_of(person));
  return by_user_id != nullptr && by_user_id->head().email &&
         by_user_id->head().email != person.email;
}

Person UserBook::meant(const Person& person) {
  if (has_anothers_user_id(person)) return {person.email, std::nullopt};
  return person;
}

tl::expected<UserState*, IntakeFailure> UserBook::resolve(const Person& person, bool may_rename) {
  const auto email = email_of(person);
  const auto user_id = user_id_of(meant(person));
  UserState* by_email = owner(email);
  UserState* by_user_id = owner(user_id);
  if (by_email != nullptr && by_user_id != nullptr) {
    if (by_email != by_user_id && may_rename && email) return tl::unexpected(conflict(*email));
    return by_user_id;
  }
  UserState* user = by_user_id != nullptr ? by_user_id : by_email;
  if (user == nullptr) {
    const std::optional<Identity>& first = user_id ? user_id : email;
    SOJOURN_CHECK(first.has_value(), "intake takes nobody without a name");
    user = &create(*first);
  }
  for (const auto& identity : {email, user_id}) {
    if (!identity || owner(identity) == user) continue;
    if (held(*user, identity->kind) && !may_rename) continue;
    give(*user, *identity);
  }
  return user;
}

std::optional<UserBook::Two> UserBook::two_of(const Person& person) {
  if (has_anothers_user_id(person)) return std::nullopt;
  const Two both{owner(user_id_of(person)), owner(email_of(person))};
  if (both.user_id == nullptr || both.email == nullptr || both.user_id == both.email) {
    return std::nullopt;
  }
  return both;
}

bool UserBook::may_absorb(const UserState& user, const UserState& tombstone,
                          bool may_rename) const {
  if (!tombstone.is_tombstone()) return false;
  const auto kind = tombstone.head().email ? Identity::Kind::kEmail : Identity::Kind::kUserId;
  return may_rename || !held(user, kind);
}

void UserBook::absorb(UserState& user, UserState& tombstone) {
  const UserHead& head = tombstone.head();
  const Identity identity = head.email ? Identity{Identity::Kind::kEmail, *head.email}
                                       : Identity{Identity::Kind::kUserId, *head.user_id};
  tombstone.dissolve();
  give(user, identity);
}

void UserBook::remove(UserState& user) {
  free(user, Identity::Kind::kEmail);
  free(user, Identity::Kind::kUserId);
  user.dissolve();
}

void UserBook::take_names(UserState& user, const UserHead& names, store::UserId from) {
  const auto take = [&](Identity::Kind kind, const std::optional<std::string>& name) {
    if (!name) return;
    const Identity identity{kind, *name};
    // It may not have been asked for; then the store has it as theirs.
    identities_.try_emplace(identity, Known{from, from}).first->second.user = std::nullopt;
    if (!held(user, kind)) give(user, identity);
  };
  take(Identity::Kind::kEmail, names.email);
  take(Identity::Kind::kUserId, names.user_id);
}

std::optional<IntakeFailure> UserBook::rename(UserState& user, const Identity& identity) {
  UserState* holder = owner(identity);
  if (holder == &user) return std::nullopt;
  if (holder != nullptr) return conflict(identity);
  give(user, identity);
  return std::nullopt;
}

void UserBook::write_to(store::Commit& commit, std::uint64_t sequence) {
  for (const auto& [identity, known] : identities_) {
    if (known.user == known.stored) continue;
    if (known.user) {
      commit.put_identities.emplace_back(identity, *known.user);
    } else {
      commit.remove_identities.push_back(identity);
    }
  }
  for (UserState* user : order_) {
    const bool before = user->was_tombstone();
    user->write_to(commit, sequence, record_.now);
    context_.tombstones.changed(before, user->was_tombstone(), record_);
  }
}

void UserBook::release() {
  for (auto& [id, user] : users_) {
    if (user == nullptr) continue;
    if (user->is_gone()) {
      context_.users.drop(user->id());
    } else {
      context_.users.keep(std::move(user));
    }
  }
  users_.clear();
  order_.clear();
}

}  // namespace sojourn::runtime
