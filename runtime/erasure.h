// Takes people out of the store, in the commit of one turn: what is known of them, what waits for
// them and what was to leave. Nothing is sent about them after that commit but what a sender's own
// call to erase them says to Iterable. Also the names that are refused from then on, because their
// people were forgotten. Lives for one turn, on the shard's thread.
//
// What stays says nothing about anybody: counters, hashes of event ids until their days are over,
// places in the queue of a paused journey (internal numbers), the units that a split `by` a value
// has counted (hashes).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "runtime/erasure_ledger.h"
#include "runtime/store/store.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {

class MovedLogs;
class TurnOutbox;
class UserBook;
class UserState;

class Erasure {
 public:
  Erasure(const TurnContext& context, TurnRecord& record, UserBook& users, TurnOutbox& outbox,
          MovedLogs& moved_logs)
      : context_(context),
        record_(record),
        users_(users),
        outbox_(outbox),
        moved_logs_(moved_logs) {}

  // Before anything is taken: finds out which of these names were forgotten. `owners`: whom each
  // names, in the same order; a name of somebody's was not. kFatal as the store says.
  base::Status load(std::span<const store::Identity> names,
                    std::span<const std::optional<store::UserId>> owners);

  // Comes before anything of it is done: says in the ledger, if one is kept, what becomes of these
  // names. On an error nothing may be done.
  base::Status note(std::span<const store::Identity> names, LedgerEntry::What what);
  // The user is nobody from here on, and everything of theirs goes with the commit: enrollments end
  // without what an end would cause. Their names are free again, for somebody new. `goes_on`: so
  // will the erasure, to Iterable, and it must not overtake what is under way there: of that empty
  // rows stay until it has ended.
  void erase(UserState& user, bool goes_on);

  // What was tried in vain of theirs goes; not a call that erases somebody.
  void drop_letters(store::UserId user);

  bool is_forgotten(const store::Identity& name) const;
  // Otherwise no name that this turn speaks of was.
  bool knows_any() const { return !marks_.empty(); }
  // The name, which nobody has, or has no more, is refused from here on; or no more. Nothing where
  // that is so already.
  void set_forgotten(const store::Identity& name, bool forgotten);

  void write_to(TurnRecord& record) const;
  // Whether the store failed to answer; then it is kept as `status`.
  template <typename Answer>
  bool failed(const Answer& answer) {
    if (answer) return false;
    status_ = tl::unexpected(answer.error());
    return true;
  }
  // Set when the store failed; the turn must not commit.
  const base::Status& status() const { return status_; }

 private:
  void remove_rows(store::UserId user);
  void leave_fan_outs(store::UserId user);

  const TurnContext& context_;
  TurnRecord& record_;
  UserBook& users_;
  TurnOutbox& outbox_;
  MovedLogs& moved_logs_;
  struct Mark {
    bool now = false;
    bool stored = false;
  };
  std::map<store::Identity, Mark> marks_;  // by name
  base::Status status_;
};

}  // namespace sojourn::runtime
