// `wait for`: the first of its arms to happen, looking back over the events that
// came before the wait began and have ended no other wait.
#include <algorithm>
#include <variant>

#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/steps/steps.h"
#include "graph/engagement.h"
#include "graph/history.h"

namespace sojourn::engine {
namespace {

using graph::ConditionArm;
using graph::EventArm;
using graph::WaitFor;

// `since` goes by when events happened, not by when they came.
bool is_since(const Turn& turn, const EventArm& arm, const EventFact& event) {
  const Enrollment& enrollment = turn.enrollment;
  switch (arm.since) {
    case graph::Since::kEntry:
      return is_since_entry(event, turn.scope());
    case graph::Since::kHere:
      return event.created_at >= enrollment.arrived_at;
    case graph::Since::kStep:
      return std::ranges::any_of(enrollment.reached, [&](const StepReached& reached) {
        return turn.graph.steps[reached.step].identity == arm.since_step &&
               event.created_at >= reached.at;
      });
  }
  return false;
}

bool is_free(const Enrollment& enrollment, const EventFact& event) {
  return event.number != enrollment.entry_event &&
         std::ranges::find(enrollment.used_events, event.number) == enrollment.used_events.end();
}

base::Instant deadline(const Enrollment& enrollment, const WaitFor& step) {
  return later(later(enrollment.arrived_at, step.up_to), enrollment.clock_followed.here);
}

// Does the event come on top of a wait that rests, or was it there on arrival?
enum class Came : std::uint8_t { kBefore, kNow };

bool ends(const Turn& turn, const WaitFor& step, const EventArm& arm, const EventFact& event,
          Came came) {
  // Nothing that was there on arrival happened since `here`.
  if (came == Came::kBefore && arm.since == graph::Since::kHere) return false;
  return arm.event == event.name && is_free(turn.enrollment, event) &&
         event.created_at <= deadline(turn.enrollment, step) && is_since(turn, arm, event) &&
         holds(turn.scope(&event), arm.where);
}

// What the journey reads of it.
graph::Value bound_event(const graph::Graph& graph, std::uint32_t slot, const EventFact& event) {
  const auto read = graph::fields_read_of_local(graph, slot);
  if (!read) return event_object(event);
  EventFact part = event;
  std::erase_if(part.fields, [&](const graph::Field& field) {
    return !std::ranges::binary_search(*read, field.first);
  });
  return event_object(part);
}

graph::StepIndex end_by_event(Turn& turn, graph::StepIndex index, std::uint32_t number,
                              const EventArm& arm, const EventFact& event) {
  turn.because(turn.scope(&event), arm.where);
  turn.enrollment.used_events.push_back(event.number);
  if (arm.bind) turn.set_local(*arm.bind, bound_event(turn.graph, *arm.bind, event));
  turn.note_way(index, graph::Edge::Way::kArm, graph::told(arm.event), number);
  return arm.next;
}

// Goes by the arms in the order written: a condition that holds, or `event`.
Onward first_arm(Turn& turn, graph::StepIndex index, const WaitFor& step, const EventFact* event,
                 Came came) {
  for (std::uint32_t i = 0; i < step.arms.size(); ++i) {
    if (const auto* condition = std::get_if<ConditionArm>(&step.arms[i])) {
      if (!holds(turn.scope(), condition->condition)) continue;
      turn.because(turn.scope(), condition->condition);
      turn.note_way(index, graph::Edge::Way::kArm, "condition", i);
      return condition->next;
    }
    const auto& event_arm = std::get<EventArm>(step.arms[i]);
    if (event != nullptr && ends(turn, step, event_arm, *event, came)) {
      return end_by_event(turn, index, i, event_arm, *event);
    }
  }
  return std::nullopt;
}

// By an event of the past: the earliest to come decides, then the order of arms.
Onward look_back(Turn& turn, graph::StepIndex index, const WaitFor& step) {
  for (const EventFact& event : turn.facts.history) {
    // One that came this very instant is not earlier than a condition that holds now.
    if (event.arrived_at >= turn.now) {
      if (const Onward onward = first_arm(turn, index, step, &event, Came::kBefore)) return onward;
      continue;
    }
    for (std::uint32_t i = 0; i < step.arms.size(); ++i) {
      const auto* event_arm = std::get_if<EventArm>(&step.arms[i]);
      if (event_arm != nullptr && ends(turn, step, *event_arm, event, Came::kBefore)) {
        return end_by_event(turn, index, i, *event_arm, event);
      }
    }
  }
  return first_arm(turn, index, step, nullptr, Came::kNow);
}

Onward time_out(Turn& turn, graph::StepIndex index, const WaitFor& step) {
  turn.note_way(index, graph::Edge::Way::kTimeout, "timeout");
  return step.timeout;
}

// What an earlier round of a repeat bound is not what this one waits for.
void unbind(Turn& turn, const WaitFor& step) {
  for (const auto& arm : step.arms) {
    const auto* event = std::get_if<EventArm>(&arm);
    if (event != nullptr && event->bind && *event->bind < turn.enrollment.locals.size()) {
      turn.set_local(*event->bind, graph::Value());
    }
  }
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const WaitFor& step) {
  turn.rest(index);
  unbind(turn, step);
  if (const Onward onward = look_back(turn, index, step)) return onward;
  const base::Instant due = deadline(turn.enrollment, step);
  if (due <= turn.now) return time_out(turn, index, step);
  turn.arm({.purpose = Timer::Purpose::kWait, .index = 0, .due = due, .intent = std::nullopt});
  return std::nullopt;
}

Onward take_event(Turn& turn, graph::StepIndex index, const WaitFor& step, const EventFact& event) {
  return first_arm(turn, index, step, &event, Came::kNow);
}

Onward follow(Turn& turn, graph::StepIndex index, const WaitFor& step) {
  return first_arm(turn, index, step, nullptr, Came::kNow);
}

Onward time_came(Turn& turn, graph::StepIndex index, const WaitFor& step, const Timer& /*timer*/) {
  return time_out(turn, index, step);
}

}  // namespace sojourn::engine
