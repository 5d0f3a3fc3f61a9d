// The users of one turn: loaded, found by identity, created, written back. Lives
// for one turn, on the shard's thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <memory>
#include <optional>
#include <tl/expected.hpp>
#include <vector>

#include "base/result.h"
#include "runtime/intake.h"
#include "runtime/store/store.h"
#include "runtime/turn_context.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

class UserBook {
 public:
  UserBook(const TurnContext& context, TurnRecord& record);

  // Whether this identity was not asked for before; `know` must follow.
  bool want(const store::Identity& identity);
  // What the store knows of it.
  void know(const store::Identity& identity, std::optional<store::UserId> user);
  // Has every user known so far and `more` at hand, from the cache or the store.
  base::Status load(const std::vector<store::UserId>& more);

  // Must have been loaded or created in this turn; nullptr when there is no such user, or no
  // more.
  UserState* find(store::UserId id);
  // The same of somebody about whom there is a stored delivery. That they are not there is damage:
  // nullptr, and `status` says so.
  UserState* must_find(store::UserId id);
  // The user that an item is about. Created if nobody has the identity. Where
  // email and userId name two users: a profile update fails (the list that
  // Iterable reports it under), an event goes to the one with the userId. Where
  // one is new, it becomes the user's; a profile update may replace the old one.
  tl::expected<UserState*, IntakeFailure> resolve(const Person& person, bool may_rename);
  // Whether the person's userId is that of somebody with another email. In a project of emails a
  // userId may be that of several people, and then it names whoever had it first: of a person
  // with both names the email counts, as at Iterable.
  bool has_anothers_user_id(const Person& person);
  // The person, without a userId that is another's.
  Person meant(const Person& person);
  // Whom the identity names now; nullptr: nobody.
  UserState* named(const store::Identity& identity) { return owner(identity); }
  // Who has a name as of now that the turn may not have asked for.
  std::optional<store::UserId> whoever_has(const store::Identity& identity);
  // The users of a person's two names, when these are two users.
  struct Two {
    UserState* user_id = nullptr;
    UserState* email = nullptr;
  };
  std::optional<Two> two_of(const Person& person);
  // Is `tombstone` nothing but what was said of consent (UserState::is_tombstone), under a name
  // that `user` can take? One that replaces another only with `may_rename`.
  bool may_absorb(const UserState& user, const UserState& tombstone, bool may_rename) const;
  // The name becomes the user's, and the tombstone goes with its rows.
  void absorb(UserState& user, UserState& tombstone);
  // The names of `from`, who has become the user: those that the user lacks become theirs, and
  // nobody has the others any more.
  void take_names(UserState& user, const UserHead& names, store::UserId from);
  // Nobody has the names of the user any more, who is gone (UserState::dissolve).
  void remove(UserState& user);
  // Gives the user another identity of that kind. Fails when somebody has it.
  std::optional<IntakeFailure> rename(UserState& user, const store::Identity& identity);

  // In the order in which they came up.
  const std::vector<UserState*>& users() const { return order_; }
  void write_to(store::Commit& commit, std::uint64_t sequence);
  // After the commit: leaves the users to the cache.
  void release();
  // Set when the store failed while creating a user, or is damaged; the turn must not commit.
  const base::Status& status() const { return status_; }

 private:
  struct Known {
    std::optional<store::UserId> user;    // now
    std::optional<store::UserId> stored;  // when the turn began
  };

  UserState* owner(const std::optional<store::Identity>& identity);
  UserState& add(std::unique_ptr<UserState> user);
  UserState& create(const store::Identity& first);
  void give(UserState& user, const store::Identity& identity);
  // Nobody has it any more, if the user does.
  void free(const UserState& user, store::Identity::Kind kind);

  const TurnContext& context_;
  TurnRecord& record_;
  struct IdentityHash {
    std::size_t operator()(const store::Identity& identity) const;
  };
  absl::flat_hash_map<store::Identity, Known, IdentityHash> identities_;
  absl::flat_hash_map<std::uint64_t, std::unique_ptr<UserState>> users_;  // by packed id
  std::vector<UserState*> order_;
  base::Status status_;
};

}  // namespace sojourn::runtime
