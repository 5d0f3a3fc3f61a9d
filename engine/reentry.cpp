#include "engine/reentry.h"

#include <vector>

#include "engine/aim.h"
#include "engine/entry_fields.h"
#include "engine/evaluate.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

using graph::Reentry;
using graph::WhileEnrolled;
using Kind = EntryVerdict::Kind;

EntryVerdict refuse(std::string_view rule) {
  return {Kind::kRefuse, rule};
}

EntryVerdict judge_inside(const WhileEnrolled& rule, const EarlierEnrollments& earlier) {
  switch (rule.kind) {
    case WhileEnrolled::Kind::kIgnore:
      return refuse("enrolled");
    case WhileEnrolled::Kind::kUpdate:
      return {Kind::kUpdate, {}};
    case WhileEnrolled::Kind::kRestart:
      break;
  }
  if (earlier.restarts >= rule.times) return refuse("restart_times");
  return {Kind::kRestart, {}};
}

// By the zone that the enrollment to come would have.
base::Instant allowed_from(const graph::Graph& graph, const Facts& facts, const EventFact& event,
                           base::Instant ended_at, base::Instant now) {
  const std::vector<graph::Value> fields = entry_fields_of(graph, event);
  const Scope scope = scope_at_entry(graph, facts, event, fields, now);
  return aim(journey_zone(scope), ended_at, graph.reentry.after, false, std::nullopt).due;
}

}  // namespace

void count_ended(EarlierEnrollments& earlier, std::string_view reason, base::Instant at) {
  const bool restarted = reason == kRestarted;
  earlier.restarts = restarted ? earlier.restarts + 1 : 0;
  if (!restarted) ++earlier.ended;
  earlier.last_ended_at = at;
}

EntryVerdict judge_entry(const graph::Graph& graph, const EarlierEnrollments& earlier,
                         const Facts& facts, const EventFact& event, base::Instant now) {
  if (earlier.inside) return judge_inside(graph.while_enrolled, earlier);
  if (earlier.ended == 0) return {Kind::kEnter, {}};
  const Reentry& rule = graph.reentry;
  if (rule.kind == Reentry::Kind::kNever) return refuse("reenter_never");
  // The first enrollment is none of the re-entries that are counted.
  if (rule.times && earlier.ended > *rule.times) return refuse("reenter_times");
  if (rule.kind == Reentry::Kind::kAfter &&
      now < allowed_from(graph, facts, event, earlier.last_ended_at, now)) {
    return refuse("reenter_after");
  }
  return {Kind::kEnter, {}};
}

}  // namespace sojourn::engine
