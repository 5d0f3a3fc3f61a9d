// Goals (language 7): what a journey is to bring about. They are looked at beside the
// steps, for enrollments that have ended too, until the last of them has run out.
// Pure and total.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "engine/enrollment.h"
#include "engine/evaluate.h"
#include "engine/facts.h"
#include "graph/graph.h"

namespace sojourn::engine {

struct GoalMet {
  std::uint32_t goal = 0;  // of Graph::goals
  graph::Value value;      // missing without `value`
};

// The goals that `event` meets for the first time in this enrollment, live or ended; they
// are marked as met. Asked when the event has been put into the history, before exits.
std::vector<GoalMet> meet_goals(const graph::Graph& graph, Enrollment& enrollment,
                                const Facts& facts, const EventFact& event, base::Instant now);

// What goals, and measures of splits, read: nothing of the place of the enrollment, which may
// have ended. All of it outlives the scope.
Scope scope_beside_steps(const graph::Graph& graph, const Enrollment& enrollment,
                         const Facts& facts, const EventFact& event, base::Instant now);

// Does the event, at hand in `scope`, meet the goal, for the first time or not?
bool meets(const Scope& scope, const graph::Goal& goal);

// An event may arrive so long after it happened and still meet a goal.
inline constexpr base::Millis kGoalGrace = base::days24(7);
// Can an event that arrives at `now` or later still meet a goal of the enrollment?
bool has_open_goals(const graph::Graph& graph, const Enrollment& enrollment, base::Instant now);

}  // namespace sojourn::engine
