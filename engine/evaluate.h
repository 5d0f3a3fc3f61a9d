// Expressions of a journey, evaluated. Total: whatever the values at hand, the
// answer is a value, often the missing one. The graph is verified, which bounds
// the depth and the work of every expression.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "calendar/zone.h"
#include "engine/enrollment.h"
#include "engine/facts.h"
#include "graph/graph.h"
#include "graph/value.h"

namespace sojourn::engine {

// Answers of questions over the history that stand inside another one. They read
// nothing of its event, so one answer serves for all its events.
using KnownAnswers = std::vector<std::pair<const graph::Expression*, graph::Value>>;

// All that an expression can read. Owns nothing; lives for one evaluation or a few.
struct Scope {
  const graph::Graph& graph;
  const ProfileView& profile;
  calendar::ZoneSource& zones;
  std::span<const graph::Value> entry_fields;
  base::Instant entry_created_at;
  base::Instant entered_at = {};         // no enrollment has begun: the epoch
  std::span<const graph::Value> locals;  // by slot; those past its end are missing
  base::Instant now;
  const EventFact* event = nullptr;    // inside a `where`
  const graph::Value* item = nullptr;  // inside a `where` over a list
  // What questions over the history are asked of.
  std::span<const EventFact> history;
  std::uint64_t entry_event = 0;
  std::uint32_t enrollment = 0;  // its number; 0: none has begun
  std::span<const StepReached> reached;
  std::span<const HeldSince> held = {};
  const MembershipView* memberships = nullptr;  // null: the user belongs to nothing
  // The zone of calendar arithmetic; none: the journey's, found when needed.
  const calendar::Zone* zone = nullptr;
  // Inside the `where` of a question: answers of the questions that stand there.
  KnownAnswers* known = nullptr;
};

graph::Value evaluate(const Scope& scope, graph::ExprId expression);

// True when there is no expression (kNoExpr), or its value is `true`.
bool holds(const Scope& scope, graph::ExprId condition);

}  // namespace sojourn::engine
