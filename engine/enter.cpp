#include <algorithm>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "engine/advance.h"
#include "engine/aim.h"
#include "engine/collecting.h"
#include "engine/entry_fields.h"
#include "engine/exits.h"
#include "engine/holdout.h"
#include "engine/measures.h"
#include "engine/operators.h"
#include "engine/reentry.h"
#include "engine/run.h"
#include "engine/standing.h"

namespace sojourn::engine {
namespace {

// Bytes that are hashed: string journey, then each value (base/bytes.h,
// graph/value.h) in its canonical form. A missing value is a value of its own.
base::Hash128 hash_unit(const graph::Graph& graph, const Scope& scope) {
  base::ByteWriter bytes;
  bytes.string(graph.journey);
  for (const graph::ExprId expression : graph.one_per) {
    graph::encode_value(canonical(evaluate(scope, expression)), bytes);
  }
  return base::stable_hash128(bytes.bytes());
}

// `entry` is this event from now on.
void set_entry(Enrollment& enrollment, const graph::Graph& graph, const EventFact& event) {
  enrollment.entry_created_at = later(event.created_at, {});  // held within the calendar
  enrollment.entry_event = event.number;
  enrollment.entry_fields = entry_fields_of(graph, event);
}

void wait_for_place(Turn& turn, base::Instant place) {
  turn.rest(turn.graph.first);
  turn.enrollment.queued = true;
  turn.arm({.purpose = Timer::Purpose::kPlace, .index = 0, .due = place, .intent = std::nullopt});
}

}  // namespace

std::vector<graph::Value> entry_fields_of(const graph::Graph& graph, const EventFact& event) {
  std::vector<graph::Value> fields;
  fields.reserve(graph.entry_fields.size());
  for (const std::string& name : graph.entry_fields) {
    fields.push_back(graph::find_field(event.fields, name));
  }
  return fields;
}

Scope scope_at_entry(const graph::Graph& graph, const Facts& facts, const EventFact& event,
                     const std::vector<graph::Value>& fields, base::Instant now) {
  return {.graph = graph,
          .profile = facts.profile,
          .zones = facts.zones,
          .entry_fields = fields,
          .entry_created_at = event.created_at,
          .locals = {},
          .now = now,
          .event = &event,
          .history = facts.history,
          .entry_event = 0,
          .reached = {},
          .memberships = facts.memberships};
}

std::optional<base::Hash128> entry_unit(const graph::Graph& graph, const Facts& facts,
                                        const EventFact& event, base::Instant now) {
  const auto names_it = [&](const graph::EventEntry& entry) { return entry.event == event.name; };
  if (std::ranges::none_of(graph.entries, names_it)) return std::nullopt;
  const std::vector<graph::Value> fields = entry_fields_of(graph, event);
  const Scope scope = scope_at_entry(graph, facts, event, fields, now);
  const bool enters = std::ranges::any_of(graph.entries, [&](const graph::EventEntry& entry) {
    return names_it(entry) && holds(scope, entry.where);
  });
  return enters ? std::optional(hash_unit(graph, scope)) : std::nullopt;
}

Advanced enter(const graph::Graph& graph, const graph::Version& version, std::uint64_t user,
               std::uint32_t number, base::Hash128 unit, const Facts& facts, const EventFact& event,
               base::Instant now, std::optional<base::Instant> place) {
  Enrollment enrollment;
  enrollment.user = user;
  enrollment.number = number;
  enrollment.version = version;
  enrollment.unit = unit;
  enrollment.entered_at = now;
  set_entry(enrollment, graph, event);
  enrollment.measure.held_out = is_held_out(graph, facts, user);
  enrollment.measure.again = facts.counted_before && has_measures(graph);
  enrollment.at = graph::kCompleted;  // nowhere yet
  enrollment.arrived_at = now;
  enrollment.clock_followed.all = facts.clock.stood;
  Turn turn(graph, std::move(enrollment), facts, now);
  collect(turn, event);
  if (!exit_if_due(turn)) {
    if (place && *place > now && graph.first != graph::kCompleted) {
      wait_for_place(turn, *place);
    } else {
      run(turn, graph.first);
    }
  }
  arm_conditions(turn);
  return {std::move(turn.enrollment), std::move(turn.effects), std::move(turn.decisions)};
}

Advanced update_entry(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                      const EventFact& event, base::Instant now) {
  set_entry(enrollment, graph, event);
  return advance(graph, std::move(enrollment), facts, ProfileChanged{}, now);
}

Advanced restart(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                 base::Instant now) {
  Turn turn(graph, std::move(enrollment), facts, now);
  turn.send_open = rests_at_send(graph, turn.enrollment);
  turn.end(kRestarted);
  return {std::move(turn.enrollment), std::move(turn.effects), std::move(turn.decisions)};
}

}  // namespace sojourn::engine
