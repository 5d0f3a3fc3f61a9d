// The most messages that one enrollment can send, in any stretch of time.
//
// Counted from the moment the first message leaves: the least time in which a walk
// can send k of them, for k = 1, 2, …, by shortest paths over the least delays, one
// layer of the timed graph for each message. A stretch of length D holds k messages if
// the k-th can leave less than D after the first; a message exactly D later is outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "proof/timed_graph.h"
#include "proof/witness.h"

namespace sojourn::proof {

// Counting stops here; more is as good as endless.
inline constexpr std::size_t kMostCounted = 1'000;

// A number of messages, or no bound.
using Count = std::optional<std::size_t>;

struct SendTimes {
  // [k]: the least time from the first message to message k + 1. Never decreases.
  std::vector<base::Millis> least;
  // There are more than those in `least`: a cycle sends, or kMostCounted was reached.
  bool goes_on = false;
  // A cycle sends and takes no time at least.
  bool endless_at_once = false;

  Count in_all() const;
  Count within(base::Millis stretch) const;
};

// `counted` by step. Looks no further than messages that are `horizon` after the first
// when their number is endless.
SendTimes send_times(const TimedGraph& graph, const std::vector<bool>& counted,
                     base::Millis horizon);

// A way to send `count` messages (less than `per` after the first, if given), or nullopt
// when there is none. `count` is 1 to kMostCounted.
std::optional<Witness> way_to_send(const TimedGraph& graph, const std::vector<bool>& counted,
                                   std::size_t count, std::optional<base::Millis> per);

}  // namespace sojourn::proof
