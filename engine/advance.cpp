#include "engine/advance.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/aim.h"
#include "engine/collecting.h"
#include "engine/exits.h"
#include "engine/freeze.h"
#include "engine/run.h"
#include "engine/standing.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

// Why what somebody waits for has moved.
constexpr std::string_view kFrozenRule = "the journey was frozen";

template <typename... Cases>
struct Choose : Cases... {
  using Cases::operator()...;
};

template <typename... Cases>
Onward at_resting_place(Turn& turn, Cases... cases) {
  // A stored place that the graph lacks is nowhere to go on from.
  if (turn.enrollment.at >= turn.graph.steps.size()) return std::nullopt;
  return std::visit(Choose{cases..., [](const auto&) -> Onward { return std::nullopt; }},
                    turn.graph.steps[turn.enrollment.at].action);
}

Onward time_came(Turn& turn, const Timer& timer) {
  const graph::StepIndex at = turn.enrollment.at;
  if (timer.purpose == Timer::Purpose::kCondition) {
    // Exit rules have been looked at.
    return at_resting_place(turn,
                            [&](const graph::WaitFor& step) { return follow(turn, at, step); });
  }
  return at_resting_place(
      turn, [](const graph::Wait& step) -> Onward { return step.next; },
      [](const graph::WaitUntil& step) -> Onward { return step.next; },
      [](const graph::WaitUntilTime& step) -> Onward { return step.next; },
      [](const graph::Collect& step) -> Onward { return step.next; },
      [&](const graph::WaitFor& step) { return time_came(turn, at, step, timer); },
      [&](const graph::Call& step) { return time_came(turn, at, step, timer); },
      [&](const graph::Schedule& step) { return time_came(turn, at, step, timer); });
}

// Other resting places tell of the way that they go.
bool ends_by_time_alone(const graph::Step& step) {
  return std::holds_alternative<graph::Wait>(step.action) ||
         std::holds_alternative<graph::WaitUntil>(step.action) ||
         std::holds_alternative<graph::WaitUntilTime>(step.action) ||
         std::holds_alternative<graph::Collect>(step.action);
}

void tell_of_end(Turn& turn, const Timer& timer) {
  const graph::StepIndex at = turn.enrollment.at;
  if (!turn.explains() || timer.purpose != Timer::Purpose::kWait || at >= turn.graph.steps.size() ||
      !ends_by_time_alone(turn.graph.steps[at])) {
    return;
  }
  turn.decided(Decision::Kind::kWaitOver, at, {}, 0, timer.due);
}

// Where the enrollment rests, and how long if nothing comes.
struct Rest {
  graph::StepIndex at = 0;
  base::Instant since;
  std::optional<base::Instant> until;
};

Rest rest_of(const Enrollment& enrollment) {
  return {enrollment.at, enrollment.arrived_at, end_of_rest(enrollment)};
}

// A clock that stands moves on with every touch: that is told once it goes on.
Rest rest_before(Turn& turn) {
  const Rest before = rest_of(turn.enrollment);
  follow_clock(turn);
  return turn.facts.clock.stands ? rest_of(turn.enrollment) : before;
}

void tell_of_move(Turn& turn, const Rest& before) {
  if (!turn.explains() || turn.ended()) return;
  const Rest now = rest_of(turn.enrollment);
  const bool arrived = std::ranges::any_of(turn.decisions, [](const Decision& decision) {
    return decision.kind == Decision::Kind::kWaits;
  });
  if (!arrived && now.at == before.at && now.since == before.since && now.until != before.until) {
    const std::size_t told = turn.decisions.size();
    tell_of_rest(turn, Decision::Kind::kMoved);
    if (turn.clock_followed.count > 0 && turn.decisions.size() > told) {
      turn.decisions.back().why = {.rule = std::string(kFrozenRule), .values = {}, .zone = {}};
    }
  }
}

void move_timers_to_zone(Turn& turn) {
  for (Timer& timer : turn.enrollment.timers) {
    if (timer.intent) rezone(timer, journey_zone(turn.scope()), turn.facts.zones);
  }
}

Onward stay_in_zone(Turn& turn) {
  move_timers_to_zone(turn);
  return std::nullopt;
}

// Fires what is due, in order of due time, then of arming. Steps that are reached
// arm only what lies in the future, so this ends.
void fire_due(Turn& turn) {
  auto& timers = turn.enrollment.timers;
  const auto is_due = [&](const Timer& timer) { return timer.due <= turn.now; };
  if (std::ranges::none_of(timers, is_due)) return;
  move_timers_to_zone(turn);
  if (exit_if_due(turn)) return;
  while (std::ranges::any_of(timers, is_due)) {
    const auto first = std::ranges::min_element(timers, {}, &Timer::due);
    const Timer timer = std::move(*first);
    timers.erase(first);
    tell_of_end(turn, timer);
    run(turn, time_came(turn, timer));
  }
}

// A timer due at t comes before an event or a change at t. A caller that sends
// TimerDue first leaves nothing to do here.
struct Take {
  Turn& turn;

  void operator()(const EventArrived& input) const {
    fire_due(turn);
    if (turn.ended() || input.event.number == turn.enrollment.entry_event) return;
    if (exit_if_due(turn, &input.event)) return;
    collect(turn, input.event);
    run(turn, at_resting_place(turn, [&](const graph::WaitFor& step) {
          return take_event(turn, turn.enrollment.at, step, input.event);
        }));
  }

  void operator()(const ProfileChanged&) const {
    fire_due(turn);
    if (turn.ended() || exit_if_due(turn)) return;
    const graph::StepIndex at = turn.enrollment.at;
    run(turn, at_resting_place(
                  turn, [&](const graph::WaitFor& step) { return follow(turn, at, step); },
                  [&](const graph::WaitUntil& step) { return follow(turn, at, step); },
                  [&](const graph::Schedule& step) { return follow(turn, at, step); },
                  [&](const graph::Wait&) { return stay_in_zone(turn); },
                  [&](const graph::WaitUntilTime&) { return stay_in_zone(turn); }));
    if (!turn.ended()) fire_due(turn);
  }

  void operator()(const TimerDue&) const {
    if (exit_if_due(turn)) return;
    move_timers_to_zone(turn);
    fire_due(turn);
  }

  void operator()(const Stopped& input) const { turn.end(input.reason); }

  void operator()(const CallAnswered& input) const {
    fire_due(turn);
    const Enrollment& enrollment = turn.enrollment;
    if (turn.ended() || input.step != enrollment.at ||
        input.occurrence != times_reached(enrollment, input.step) || exit_if_due(turn)) {
      return;
    }
    run(turn, at_resting_place(turn, [&](const graph::Call& step) {
          return answer(turn, input.step, step, input);
        }));
  }

  void operator()(const DeliveryEnded& input) const {
    const Enrollment& enrollment = turn.enrollment;
    if (!turn.send_open || input.step != enrollment.at ||
        input.occurrence != times_reached(enrollment, input.step)) {
      return;
    }
    turn.send_open = false;
    if (exit_if_due(turn)) return;
    run(turn, at_resting_place(turn, [&](const graph::Send& step) {
          return deliver(turn, input.step, step, input);
        }));
  }
};

// In the queue of `pace`: nothing but exits, the end of the queue and that of the journey matters.
// Returns whether the enrollment is still in it, or has ended.
bool stay_in_queue(Turn& turn, const Input& input) {
  if (std::holds_alternative<Stopped>(input)) return false;
  const auto& timers = turn.enrollment.timers;
  const auto place = std::ranges::find(timers, Timer::Purpose::kPlace, &Timer::purpose);
  if (place == timers.end() || place->due <= turn.now) {
    if (exit_if_due(turn)) return true;
    turn.enrollment.queued = false;
    turn.enrollment.timers.clear();
    run(turn, turn.graph.first);
    return turn.ended();
  }
  const auto* arrived = std::get_if<EventArrived>(&input);
  const bool is_entry = arrived != nullptr && arrived->event.number == turn.enrollment.entry_event;
  if (is_entry || exit_if_due(turn, arrived == nullptr ? nullptr : &arrived->event)) return true;
  if (arrived != nullptr) collect(turn, arrived->event);
  return true;
}

}  // namespace

Advanced advance(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                 const Input& input, base::Instant now) {
  if (enrollment.exit_reason) return {std::move(enrollment), {}};
  Turn turn(graph, std::move(enrollment), facts, now);
  turn.send_open = rests_at_send(graph, turn.enrollment);
  const Rest before = rest_before(turn);
  follow_time(turn);
  if (!turn.enrollment.queued || !stay_in_queue(turn, input)) std::visit(Take{turn}, input);
  tell_of_move(turn, before);
  arm_conditions(turn);
  return {std::move(turn.enrollment), std::move(turn.effects), std::move(turn.decisions)};
}

}  // namespace sojourn::engine
