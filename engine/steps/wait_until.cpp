// `wait until T`: T is read on arrival and again at every change of the profile.
// An instant without `at` is absolute; with `at` (or when T is a date) the local
// time is chosen on arrival and kept until T itself changes.
#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

using Kind = graph::Value::Kind;

// Where T lies by the scope's zone; none when T is missing.
std::optional<Aim> target(const Scope& scope, const graph::WaitUntil& step) {
  const graph::Value time = evaluate(scope, step.time);
  if (time.kind() == Kind::kTimestamp) {
    return aim(*scope.zone, time.as_timestamp(), {}, false, step.at);
  }
  if (time.kind() != Kind::kDate) return std::nullopt;
  const calendar::LocalTime midnight{time.as_date().days, 0};
  return aim_at(*scope.zone, step.at ? on_day(*scope.zone, midnight, *step.at) : midnight);
}

bool too_far(const graph::WaitUntil& step, base::Instant arrived, const Aim& aim) {
  return step.up_to && aim.due > later(arrived, *step.up_to);
}

Onward go_missing(Turn& turn, graph::StepIndex index, const graph::WaitUntil& step,
                  const Scope& scope) {
  turn.because(scope, step.time);
  turn.note_way(index, graph::Edge::Way::kMissing, "missing");
  return step.missing;
}

// The timer still aims at what T says, but for a change of zone: judged by the
// zone it was computed for.
bool still_aims(const Timer& timer, Scope scope, calendar::ZoneSource& zones,
                const graph::WaitUntil& step) {
  if (timer.intent) scope.zone = zones.find(timer.intent->zone);
  if (scope.zone == nullptr) return false;
  const std::optional<Aim> aim = target(scope, step);
  if (!aim) return false;
  return timer.intent ? aim->local == timer.intent->local : aim->due == timer.due;
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::WaitUntil& step) {
  Scope scope = turn.scope();
  scope.zone = &journey_zone(scope);
  const std::optional<Aim> aim = target(scope, step);
  if (!aim || too_far(step, turn.now, *aim)) return go_missing(turn, index, step, scope);
  if (aim->due <= turn.now) {
    turn.because(scope, step.time);
    turn.note_way(index, graph::Edge::Way::kPast, "past");
    return step.past;
  }
  turn.rest(index);
  turn.arm(make_timer(Timer::Purpose::kWait, 0, *aim, *scope.zone, turn.facts.zones));
  return std::nullopt;
}

Onward follow(Turn& turn, graph::StepIndex index, const graph::WaitUntil& step) {
  Enrollment& enrollment = turn.enrollment;
  Scope scope = turn.scope_as_of(enrollment.arrived_at);
  scope.zone = &journey_zone(scope);
  const std::optional<Aim> aim = target(scope, step);
  if (!aim || too_far(step, enrollment.arrived_at, *aim)) {
    return go_missing(turn, index, step, scope);
  }
  if (!enrollment.timers.empty() &&
      still_aims(enrollment.timers.front(), scope, turn.facts.zones, step)) {
    rezone(enrollment.timers.front(), *scope.zone, turn.facts.zones);
    return std::nullopt;
  }
  enrollment.timers.clear();
  turn.arm(make_timer(Timer::Purpose::kWait, 0, *aim, *scope.zone, turn.facts.zones));
  return std::nullopt;
}

}  // namespace sojourn::engine
