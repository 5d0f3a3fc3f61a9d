// Going round all users, a round a day, a few in every turn that has something to do, and more of
// them once a second where nothing else is to be done: a user who is looked at loses what nothing
// reads any more (history behind its windows, messages that no cap counts, measured enrollments
// that are over), and so does who never comes again. In memory only, so that a restart begins a new
// round. Owned by the shard, on its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class Retention {
 public:
  // The users whose turn it is, at most `limit`. Empty while the round of the day is over.
  base::Result<std::vector<store::UserId>> next(store::Store& store, base::Instant now,
                                                std::size_t limit);
  // When a turn that has nothing else to do goes on with the round; kNever: none is on.
  base::Instant next_idle_turn() const { return last_ ? idle_again_at_ : base::kNever; }

 private:
  std::optional<store::UserId> last_;     // who was looked at; none: the round is over
  std::optional<std::int64_t> begun_on_;  // the day (UTC) of the last round, since 1970
  base::Instant idle_again_at_;
};

}  // namespace sojourn::runtime
