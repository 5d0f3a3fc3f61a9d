// What `advance` asks for, as data. The engine asks, the runtime does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "graph/step.h"
#include "graph/value.h"
#include "graph/walk.h"

namespace sojourn::engine {

// A message is wanted from send step `step`, for the `occurrence`-th time (from
// 1). It becomes a delivery; what it says is decided by `decide_send` when it
// leaves. Its end comes back as DeliveryEnded.
struct PlanSend {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
};

// The planned message is no longer wanted (an exit). A claimed one may still arrive.
struct CancelSend {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
};

// Applied to the local profile at once, and sent to Iterable.
struct ChangeProfile {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  std::vector<graph::Field> fields;  // a missing value clears the field
};

// Sent to Iterable, and fed back as an event of the user.
struct TrackEvent {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  std::string event;  // declared name
  std::vector<graph::Field> fields;
};

// The user enters `journey` as if by the API.
struct StartJourney {
  graph::StepIndex step = 0;
  std::string journey;
  std::vector<graph::Field> fields;
};

// A webhook is asked. Its answer comes back as CallAnswered; one that comes after the
// person has left the step changes nothing.
struct CallWebhook {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  std::string webhook;
  std::vector<graph::Field> fields;
};

// The user joins `list`, or leaves it: here at once, and sent to Iterable.
struct ChangeList {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  std::string list;
  bool joins = true;
};

// The user is subscribed to `message_type`, or no more: as a ChangeList. One who is to be
// asked first (graph::is_asked_first) is not subscribed by it.
struct ChangeSubscription {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  std::string message_type;
  bool subscribes = true;
};

// Something worth keeping in the user's log; counters are kept from these too.
struct Note {
  enum class Kind : std::uint8_t {
    // `step` was reached. A schedule is reached once, not again after each rung.
    kReached,
    // `step` went the way `way` (of an arm: `number`), named by `text`: a branch's
    // "1", "2", … or "else", a split's arm, a wait_for's event, "condition" or
    // "timeout", "past", "missing", a send's "else", a repeat's round (from "1"), and
    // what ended it: "until" or "times".
    kBranch,
    // Rung `number` of schedule `step` begins.
    kRungBegun,
    // Rung `number` of schedule `step`: its moment had gone by.
    kRungSkipped,
    // `text` is the reason, `step` the last resting place (kCompleted: there was
    // none), `number` the exit rule, kByGoal (`goal … and exit`), or kNoRule when a
    // step or the end of the journey ended it.
    kExited,
  };
  static constexpr std::uint32_t kNoRule = UINT32_MAX;
  static constexpr std::uint32_t kByGoal = UINT32_MAX - 1;

  Kind kind = Kind::kReached;
  graph::StepIndex step = 0;
  std::uint32_t number = 0;
  std::string text;
  graph::Edge::Way way = graph::Edge::Way::kNext;  // of a kBranch
  // Of a split's arm, where there are goals or a measure: the enrollment takes it for the
  // first time.
  bool first = false;
  // Of a split's arm: the person counts for the split's measure from now on; where there is
  // a `unit`, only if nobody of it took an arm before (engine/settled_units.h). Else it is
  // for whoever knows that to let them go (engine/measures.h).
  bool measured = false;
  // Of the arm of a measured split `by` a value: the hash of the value.
  std::optional<std::uint64_t> unit = std::nullopt;
};

using Effect = std::variant<PlanSend, CancelSend, ChangeProfile, TrackEvent, StartJourney,
                            CallWebhook, Note, ChangeList, ChangeSubscription>;

}  // namespace sojourn::engine
