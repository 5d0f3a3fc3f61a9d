// What a journey says about the people who are inside when it is edited (language 11):
// `on edit`, `moved`, `removed`, `retime`. Read by whoever brings people from one
// version into the next; the version that states them is the new one. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/source.h"

namespace sojourn::dsl {

struct MovedStep {
  std::string from;  // a name of an earlier version, which this one does not have
  std::string to;    // a step of this version
  Span place;
};

struct RemovedStep {
  std::string step;  // a name of an earlier version, which this one does not have
  // People who wait there go to step `to`, or leave with this reason.
  std::optional<std::string> exit_reason;
  std::string to;
  Span place;
};

struct RetimedStep {
  enum class Kind : std::uint8_t {
    kKeep,       // the moment that was chosen by the old text stays
    kRecompute,  // chosen anew, from the arrival at the step, by the new text
    kEarlier,    // the earlier of the two
    kLater,      // the later of the two
  };
  std::string step;  // of this version; people rest there for a time
  Kind kind = Kind::kKeep;
  Span place;
};

struct EditRules {
  bool pin = false;  // people finish the version that they began
  std::vector<MovedStep> moved;
  std::vector<RemovedStep> removed;
  std::vector<RetimedStep> retimed;
};

}  // namespace sojourn::dsl
