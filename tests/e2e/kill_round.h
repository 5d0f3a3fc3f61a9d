// One round of the kill test: some people sign up, the daemon is killed at given
// points and started again each time, and everything is let come to its end.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/delivery_join.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {

// When to kill: at the `n`-th acknowledgement, or when Iterable has the `n`-th
// message, counted from the daemon's start.
struct KillPoint {
  enum class At { kAcknowledgement, kMessage };
  At at = At::kAcknowledgement;
  int n = 1;
};

struct RoundResult {
  Join join;
  int acknowledged_at_first_kill = 0;
  // The kill points that were reached before everything had come to its end.
  int kills = 0;
};

inline constexpr int kEventsPerRound = 20;
inline constexpr int kMessagesPerEvent = 2;

// Round `number`, which also is the seed for how slowly the sandbox answers. All
// rounds share the sandbox; each has a project, a store and people of its own.
RoundResult run_round(Sandbox& sandbox, int number, const std::vector<KillPoint>& points);

}  // namespace sojourn::e2e
