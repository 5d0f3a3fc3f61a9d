// Forgets what is old in the users' logs. Once a day it goes through all users, some in every
// turn that has nothing else to do: rows whose first line is older than the days that are kept
// go, and of a user with more than kMaxLogRows rows the oldest. What it finds is removed by a
// commit of its own. How far it has come is not kept: after a restart it begins anew.
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

class LogKeeper {
 public:
  explicit LogKeeper(std::int32_t keep_days) : keep_days_(keep_days) {}

  // Whether there is something to look at on the day of `now`.
  bool wants_turn(base::Instant now) const;
  // Looks at the next users, and adds to `commit` what goes. kFatal when a row cannot be read.
  base::Status look(store::Store& store, base::Instant now, store::Commit& commit);

 private:
  // Whether no row of the user is left that was not looked at.
  base::Result<bool> look_at(store::Store& store, store::UserId user, base::Instant before,
                             store::Commit& commit) const;

  std::int32_t keep_days_;
  std::int64_t done_day_ = INT64_MIN;  // the last day all users were gone through on
  std::optional<store::UserId> last_;  // of those who were looked at; none: nobody yet
};

}  // namespace sojourn::runtime
