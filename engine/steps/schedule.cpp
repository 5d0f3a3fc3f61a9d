// `schedule around T`: rests until the moment of the next rung, runs the rung's
// steps, which lead back here, and so on until no rung is left.
//
// T and the rungs' moments are read afresh each time. Only the armed rung is
// treated with care: as long as T has not moved, a change of zone moves its timer
// by the local time chosen when it was armed, and one that this puts in the past
// is due now. A rung that T's own moving puts in the past is skipped.
#include <algorithm>

#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/reasons.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

using graph::Rung;
using graph::Schedule;

// At most graph::kMaxRungs rungs: one bit of ScheduleState::done each.
std::uint64_t bit(std::size_t rung) {
  return std::uint64_t{1} << rung;
}

Aim rung_aim(const calendar::Zone& zone, base::Instant t, const Rung& rung) {
  return aim(zone, t, rung.offset, rung.before, rung.at);
}

// The schedule's state, made when it is reached for the first time. Whatever was
// entered inside it has been left.
ScheduleState& state_of(Turn& turn, graph::StepIndex index) {
  auto& states = turn.enrollment.schedules;
  const auto known = std::ranges::find(states, index, &ScheduleState::step);
  if (known == states.end()) {
    return states.emplace_back(
        ScheduleState{.step = index, .reached = turn.now, .done = 0, .running = std::nullopt});
  }
  states.erase(known + 1, states.end());
  return states.back();
}

Onward leave(Turn& turn, graph::StepIndex to) {
  turn.enrollment.schedules.pop_back();
  turn.enrollment.timers.clear();
  return to;
}

void tell_of_rung(Turn& turn, Decision::Kind kind, graph::StepIndex step, std::uint32_t rung) {
  if (!turn.explains()) return;
  turn.why.rule = rule_of_way(turn.graph, turn.graph.steps[step], graph::Edge::Way::kRung, rung);
  turn.decided(kind, step, {}, rung);
}

graph::StepIndex begin_rung(Turn& turn, ScheduleState& state, const Schedule& step,
                            std::uint32_t rung) {
  turn.note(Note::Kind::kRungBegun, state.step, {}, rung);
  tell_of_rung(turn, Decision::Kind::kRungBegun, state.step, rung);
  state.done |= bit(rung);
  state.running = rung;
  return step.rungs[rung].body;
}

// The timer of the earliest rung that is left; at one moment, the first written.
// Rungs whose moment has gone by are skipped, but not `armed`, which is due now.
std::optional<Timer> next_rung(Turn& turn, ScheduleState& state, const Scope& scope,
                               const Schedule& step, base::Instant t,
                               const std::optional<Timer>& armed) {
  std::optional<Timer> next;
  for (std::uint32_t i = 0; i < step.rungs.size(); ++i) {
    if ((state.done & bit(i)) != 0) continue;
    const bool is_armed = armed && armed->index == i;
    Timer timer =
        is_armed ? *armed
                 : make_timer(Timer::Purpose::kRung, i, rung_aim(*scope.zone, t, step.rungs[i]),
                              *scope.zone, turn.facts.zones);
    if (timer.due < turn.now && !is_armed) {
      state.done |= bit(i);
      turn.note(Note::Kind::kRungSkipped, state.step, {}, i);
      tell_of_rung(turn, Decision::Kind::kRungSkipped, state.step, i);
    } else if (!next || timer.due < next->due) {
      next = std::move(timer);
    }
  }
  return next;
}

// The armed timer, moved by a change of zone, if T still says the same as when it
// was armed: judged by the zone it was computed for.
std::optional<Timer> armed_timer(const Turn& turn, const Scope& scope, const Schedule& step,
                                 base::Instant reached) {
  if (turn.enrollment.timers.empty()) return std::nullopt;
  Timer timer = turn.enrollment.timers.front();
  if (timer.index >= step.rungs.size()) return std::nullopt;
  Scope before = scope;
  if (timer.intent) before.zone = turn.facts.zones.find(timer.intent->zone);
  if (before.zone == nullptr) return std::nullopt;
  const auto t = schedule_time(before, step, reached);
  if (!t) return std::nullopt;
  const Aim aim = rung_aim(*before.zone, *t, step.rungs[timer.index]);
  if (timer.intent ? aim.local != timer.intent->local : aim.due != timer.due) return std::nullopt;
  rezone(timer, *scope.zone, turn.facts.zones);
  return timer;
}

Onward go_on(Turn& turn, graph::StepIndex index, const Schedule& step, bool resting) {
  ScheduleState& state = state_of(turn, index);
  state.running.reset();
  const base::Instant reached = state.reached;
  Scope scope = turn.scope_as_of(reached);
  scope.zone = &journey_zone(scope);
  const auto t = schedule_time(scope, step, reached);
  if (!t) {
    turn.because(scope, step.around);
    turn.note_way(index, graph::Edge::Way::kMissing, "missing");
    return leave(turn, step.missing);
  }
  const auto armed = resting ? armed_timer(turn, scope, step, reached) : std::nullopt;
  std::optional<Timer> next = next_rung(turn, state, scope, step, *t, armed);
  if (!next) return leave(turn, step.next);
  if (next->due <= turn.now) return begin_rung(turn, state, step, next->index);
  if (resting) {
    turn.enrollment.timers.clear();
  } else {
    turn.rest(index);
  }
  turn.arm(std::move(*next));
  return std::nullopt;
}

}  // namespace

std::optional<base::Instant> schedule_time(const Scope& scope, const Schedule& step,
                                           base::Instant reached) {
  const graph::Value time = evaluate(scope, step.around);
  std::optional<base::Instant> t;
  if (time.kind() == graph::Value::Kind::kTimestamp) t = time.as_timestamp();
  if (time.kind() == graph::Value::Kind::kDate) {
    t = aim_at(journey_zone(scope), calendar::LocalTime{time.as_date().days, 0}).due;
  }
  if (t && step.up_to && *t > later(reached, *step.up_to)) return std::nullopt;
  return t;
}

Onward arrive(Turn& turn, graph::StepIndex index, const Schedule& step) {
  return go_on(turn, index, step, false);
}

Onward follow(Turn& turn, graph::StepIndex index, const Schedule& step) {
  return go_on(turn, index, step, true);
}

Onward time_came(Turn& turn, graph::StepIndex index, const Schedule& step, const Timer& timer) {
  // A stored timer for a rung that the schedule lacks: look again what comes next.
  if (timer.index >= step.rungs.size()) return go_on(turn, index, step, false);
  return begin_rung(turn, state_of(turn, index), step, timer.index);
}

}  // namespace sojourn::engine
