// What `advance` takes. Exactly one input a call; `now` never runs backwards for
// one enrollment (a caller whose clock did passes the latest time it has used).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/facts.h"
#include "graph/step.h"

namespace sojourn::engine {

// An event of the user arrived (it stands in Facts::history too, if kept).
struct EventArrived {
  const EventFact& event;
};

// Profile fields or memberships changed; Facts has them as they are after.
struct ProfileChanged {};

// Some timer may be due: all with due <= now are dealt with, in order of due
// time, then of arming. A stale wake-up changes nothing.
struct TimerDue {};

// Where a delivery ended. Its step and occurrence say which; one that the
// enrollment no longer waits for changes nothing.
struct DeliveryEnded {
  enum class Result : std::uint8_t {
    kAccepted,     // the provider took it
    kSkipped,      // not sent: `reason`; the person goes on to `next`
    kUnreachable,  // not sent: this person cannot be reached this way; `else` runs
  };
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  Result result = Result::kAccepted;
  std::string reason;
};

// A webhook answered, or could not be asked any more. As with DeliveryEnded, step and
// occurrence say which call it is.
struct CallAnswered {
  graph::StepIndex step = 0;
  std::uint32_t occurrence = 0;
  std::optional<std::vector<graph::Field>> reply;  // as declared; nothing: it failed
};

inline constexpr std::string_view kStopped = "stopped";
// The user turned out to be another one, who is in the journey already.
inline constexpr std::string_view kMerged = "merged";
// An operator has stopped the journey, or its user has no place in it any more: the enrollment
// ends, wherever it is. `reason` is one of the above.
struct Stopped {
  std::string_view reason = kStopped;
};

using Input =
    std::variant<EventArrived, ProfileChanged, TimerDue, DeliveryEnded, CallAnswered, Stopped>;

}  // namespace sojourn::engine
