#include "engine/freeze.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/aim.h"
#include "engine/standing.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

// A local time that was chosen by a length: `wait 3d`. As much is left of it as before.
void move_reading(Turn& turn, Timer& timer, base::Millis by) {
  const calendar::Zone& zone = journey_zone(turn.scope());
  rezone(timer, zone, turn.facts.zones);
  const base::Instant due = later(timer.due, by);
  timer = make_timer(timer.purpose, timer.index, {due, zone.to_local(due)}, zone, turn.facts.zones);
}

// `wait 3d at 09:00`: the day is that on which the length ends now, by the zone that the
// first one was chosen for.
void choose_day_anew(Turn& turn, Timer& timer, const graph::Wait& step) {
  const Enrollment& enrollment = turn.enrollment;
  const calendar::Zone& now_in = journey_zone(turn.scope());
  const calendar::Zone* known = turn.facts.zones.find(timer.intent->zone);
  const calendar::Zone& zone = known == nullptr ? now_in : *known;
  const Aim reached = aim(zone, enrollment.arrived_at, step.duration, false, std::nullopt);
  const calendar::LocalTime day = zone.to_local(later(reached.due, enrollment.clock_followed.here));
  const Aim target = aim_at(zone, on_day(zone, day, *step.at));
  timer = make_timer(timer.purpose, timer.index, target, zone, turn.facts.zones);
  rezone(timer, now_in, turn.facts.zones);
}

// The timer that ends the rest at the current step.
void move_end_of_rest(Turn& turn, Timer& timer, base::Millis by) {
  if (turn.enrollment.at >= turn.graph.steps.size()) return;
  const auto& action = turn.graph.steps[turn.enrollment.at].action;
  const auto* wait = std::get_if<graph::Wait>(&action);
  if (wait != nullptr && timer.intent) {
    return wait->at ? choose_day_anew(turn, timer, *wait) : move_reading(turn, timer, by);
  }
  // Not those of `wait until`, which are dates.
  const bool is_length = wait != nullptr || std::holds_alternative<graph::WaitFor>(action) ||
                         std::holds_alternative<graph::Collect>(action) ||
                         std::holds_alternative<graph::Call>(action);
  if (is_length) timer.due = later(timer.due, by);
}

}  // namespace

base::Millis left_to_follow(const Enrollment& enrollment, const FrozenClock& clock) {
  return std::max(base::Millis{},
                  base::Millis{clock.stood.count - enrollment.clock_followed.all.count});
}

void follow_clock(Turn& turn) {
  Enrollment& enrollment = turn.enrollment;
  const base::Millis by = left_to_follow(enrollment, turn.facts.clock);
  if (by.count == 0 || turn.ended()) return;
  turn.clock_followed = by;
  enrollment.held = held_with_clock_followed(enrollment, turn.facts.clock);
  enrollment.clock_followed.all.count += by.count;
  enrollment.clock_followed.here.count += by.count;
  for (Timer& timer : enrollment.timers) {
    switch (timer.purpose) {
      case Timer::Purpose::kWait:
        move_end_of_rest(turn, timer, by);
        break;
      case Timer::Purpose::kPlace:
        timer.due = later(timer.due, by);
        break;
      case Timer::Purpose::kRung:       // goes by a date
      case Timer::Purpose::kCondition:  // armed anew by every turn
        break;
    }
  }
}

Enrollment with_clock_followed(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                               base::Instant now) {
  if (left_to_follow(enrollment, facts.clock).count == 0) return enrollment;
  Turn turn(graph, std::move(enrollment), facts, now);
  follow_clock(turn);
  follow_time(turn);
  arm_conditions(turn);
  return std::move(turn.enrollment);
}

std::vector<HeldSince> held_with_clock_followed(const Enrollment& enrollment,
                                                const FrozenClock& clock) {
  const base::Millis by = left_to_follow(enrollment, clock);
  std::vector<HeldSince> held = enrollment.held;
  for (HeldSince& each : held) each.since = later(each.since, by);
  return held;
}

}  // namespace sojourn::engine
