// Forgets what is old in the users' logs. Once a day it goes through all users, some in every
// turn that had nothing to do, and of those that had, a few now and then, so that a shard that
// never rests forgets, too: rows whose first line is older than the days that are kept go, and of a
// user with more than kMaxLogRows rows the oldest. It asks for no turn of its own, as a shard
// without turns writes no log. What it finds is removed by a commit of its own. How far it has come
// is not kept: after a restart it begins anew.
//
// Owned by the shard, on its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// Of one user; a row is what one turn did to them.
inline constexpr std::size_t kMaxLogRows = 2'000;
// After turns that had something to do: so many users at once, no sooner than so long after the
// last look. A million users are gone through in 14 hours.
inline constexpr std::size_t kUsersPerBusyLook = 20;
inline constexpr base::Millis kBusyLookEvery = base::seconds(1);

class LogKeeper {
 public:
  explicit LogKeeper(std::int32_t keep_days) : keep_days_(keep_days) {}

  // Of the turn that a look comes after.
  enum class Turn : std::uint8_t { kIdle, kBusy };
  // Whether there is something to look at on the day of `now`.
  bool wants_look(base::Instant now, Turn turn = Turn::kIdle) const;
  // Looks at the next users, and adds to `commit` what goes. kFatal when a row cannot be read.
  base::Status look(store::Store& store, base::Instant now, store::Commit& commit,
                    Turn turn = Turn::kIdle);

 private:
  // Whether no row of the user is left that was not looked at.
  base::Result<bool> look_at(store::Store& store, store::UserId user, base::Instant before,
                             store::Commit& commit) const;

  std::int32_t keep_days_;
  std::int64_t done_day_ = INT64_MIN;  // the last day all users were gone through on
  base::Instant looked_at_;            // the last look
  std::optional<store::UserId> last_;  // of those who were looked at; none: nobody yet
};

}  // namespace sojourn::runtime
