// Who is told what happens to a person, as it happens: the journal of a test, the
// tally of a simulation. What a watcher does not care about it leaves out; nothing
// that it is told outlives the call. On the person's thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/advance.h"
#include "engine/effect.h"
#include "engine/facts.h"
#include "engine/goals.h"
#include "testing/test_program.h"

namespace sojourn::testing {

// An enrollment of the person: which of theirs, and of what journey.
struct Seat {
  std::size_t index = 0;
  JourneyIndex journey = 0;
};

// A webhook that an enrollment has asked.
struct CallMade {
  std::size_t seat = 0;  // Seat::index
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  friend bool operator==(const CallMade&, const CallMade&) = default;
};

class Watcher {
 public:
  using Fields = std::vector<graph::Field>;

  virtual ~Watcher() = default;

  virtual void entered(Seat /*seat*/, const engine::EventFact& /*event*/) {}
  // From now on the event is the entry of the enrollment.
  virtual void entry_updated(Seat /*seat*/, const engine::EventFact& /*event*/) {}
  // The event would have entered the journey, but for `rule`.
  virtual void refused(JourneyIndex /*journey*/, const engine::EventFact& /*event*/,
                       std::string_view /*rule*/) {}
  // The enrollment waits for its place under `pace`.
  virtual void queued(Seat /*seat*/) {}
  // Of an enrollment that goes on, or has ended.
  virtual void met_goal(Seat /*seat*/, const engine::GoalMet& /*met*/) {}
  // What one call of the engine asks for, before any of it is done, and where it left
  // the enrollment.
  virtual void turned(Seat /*seat*/, const std::vector<engine::Effect>& /*effects*/,
                      graph::StepIndex /*at*/) {}
  // Each note among the effects, in its turn.
  virtual void noted(Seat /*seat*/, const engine::Note& /*note*/) {}
  virtual void wrote(Seat /*seat*/, const Fields& /*fields*/) {}
  virtual void changed_list(Seat /*seat*/, const engine::ChangeList& /*change*/) {}
  virtual void changed_subscription(Seat /*seat*/, const engine::ChangeSubscription& /*change*/) {}
  // `fed_back` is false when one input has caused too many events.
  virtual void tracked(Seat /*seat*/, const engine::TrackEvent& /*event*/, bool /*fed_back*/) {}
  // The webhook waits for Person::answer_call.
  virtual void called(Seat /*seat*/, const engine::CallWebhook& /*call*/) {}
  // As tracked, of a journey that is started.
  virtual void started(Seat /*seat*/, const engine::StartJourney& /*start*/, bool /*carried_out*/) {
  }
  virtual void came_back(const engine::EventFact& /*event*/) {}
  // The enrollment has come to another place than a send, which says it itself.
  virtual void rests(Seat /*seat*/, graph::StepIndex /*step*/) {}
  virtual void sent(Seat /*seat*/, graph::StepIndex /*step*/, const std::string& /*campaign*/,
                    Fields /*data*/) {}
  virtual void skipped(Seat /*seat*/, graph::StepIndex /*step*/, const std::string& /*campaign*/,
                       const std::string& /*reason*/) {}
  // The message waits until then for another look.
  virtual void deferred(Seat /*seat*/, graph::StepIndex /*step*/, const std::string& /*campaign*/,
                        const engine::SendDeferred& /*deferred*/) {}
  // A planned message whose enrollment ended before it could leave.
  virtual void taken_back(Seat /*seat*/, graph::StepIndex /*step*/) {}
};

}  // namespace sojourn::testing
