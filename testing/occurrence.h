// Something that happened in a test, in the order in which it did: what `expect`
// lines are held against, and what a failure shows as its timeline. A value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "graph/value.h"
#include "testing/test_program.h"

namespace sojourn::testing {

struct Occurrence {
  enum class Kind : std::uint8_t {
    kEvent,         // `subject` arrived with `fields`; `detail`: how late, or `tracked`
    kProfile,       // the profile was changed from outside: `fields`, or what `subject` says
    kEntered,       // the journey, by the event `subject`
    kEntryUpdated,  // the event `subject` is the entry of the enrollment from now on
    kRefused,       // not entered: `detail` is the rule
    kWay,           // at step `subject` the way `detail` was taken
    kRungSkipped,   // rung `detail` of schedule `subject` had gone by
    kSend,          // campaign `subject` left with `fields`
    kSkip,          // campaign `subject` did not leave: `detail` is the reason
    kDefer,         // campaign `subject` waits until `until`: `detail` is the reason
    kGoal,          // goal `subject` was met; `detail` is its value
    kUpdate,        // the journey wrote `fields` to the profile
    kMembership,    // the journey changed what they belong to, as `subject` says
    kTrack,         // the journey tracked event `subject` with `fields`
    kCall,          // webhook `subject` was asked with `fields`
    kAnswer,        // webhook `subject` answered `fields`; `detail`: that it failed
    kStart,         // the journey started journey `subject` with `fields`
    kByApi,         // an entry of journey `subject` by the API, with `fields`
    kRests,         // at step `subject`
    kExited,        // `detail` is the reason
  };
  static constexpr JourneyIndex kNoJourney = UINT32_MAX;

  Kind kind = Kind::kEvent;
  base::Instant at;
  JourneyIndex journey = kNoJourney;
  bool of_other_user = false;
  std::string subject;
  std::string detail;
  std::vector<graph::Field> fields;
  base::Instant until;  // of a kDefer
};

}  // namespace sojourn::testing
