// What each kind of step does, one file a kind. `arrive` is called when an
// enrollment reaches the step; the other functions when something happens while
// it rests there. Each answers where to go on to.
#pragma once

#include <optional>

#include "engine/input.h"
#include "engine/turn.h"
#include "graph/step.h"

namespace sojourn::engine {

// The step to go on to at once (kCompleted: the journey's end), or nothing: the
// enrollment rests, or has ended.
using Onward = std::optional<graph::StepIndex>;

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Send& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Wait& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::WaitUntil& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::WaitUntilTime& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::WaitFor& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Schedule& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Branch& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Split& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Let& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::UpdateUser& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Track& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Start& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::ChangeList& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::ChangeSubscription& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Exit& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Repeat& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Collect& step);
Onward arrive(Turn& turn, graph::StepIndex index, const graph::Call& step);

// The delivery that the enrollment waits for has ended.
Onward deliver(Turn& turn, graph::StepIndex index, const graph::Send& step,
               const DeliveryEnded& ended);

// The webhook has answered, or failed.
Onward answer(Turn& turn, graph::StepIndex index, const graph::Call& step,
              const CallAnswered& answered);

// A timer of this resting place came due. It is no longer armed.
Onward time_came(Turn& turn, graph::StepIndex index, const graph::WaitFor& step,
                 const Timer& timer);
Onward time_came(Turn& turn, graph::StepIndex index, const graph::Schedule& step,
                 const Timer& timer);
Onward time_came(Turn& turn, graph::StepIndex index, const graph::Call& step, const Timer& timer);

// Profile fields changed. A timer that moves into the past is left due, for the
// caller to deal with next.
Onward follow(Turn& turn, graph::StepIndex index, const graph::WaitUntil& step);
Onward follow(Turn& turn, graph::StepIndex index, const graph::WaitFor& step);
Onward follow(Turn& turn, graph::StepIndex index, const graph::Schedule& step);

// An event arrived that did not end the enrollment.
Onward take_event(Turn& turn, graph::StepIndex index, const graph::WaitFor& step,
                  const EventFact& event);

// The instant, under the scope's zone, that a `schedule`'s T has; or none when T
// is missing or further off than the schedule allows.
std::optional<base::Instant> schedule_time(const Scope& scope, const graph::Schedule& step,
                                           base::Instant reached);

}  // namespace sojourn::engine
