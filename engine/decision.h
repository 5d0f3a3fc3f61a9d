// What the engine decided about a person, and why: facts for people to read. The runtime
// writes them into the user's log (runtime/log_record.h). They are gathered only where
// Facts::explains says so, beside what is decided and after it: gathering them changes
// nothing else. Plain values, each within the limits below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "graph/step.h"

namespace sojourn::engine {

// Of one reason; what is longer or more ends in `…`.
inline constexpr std::size_t kMaxReadValues = 8;
inline constexpr std::size_t kMaxReadBytes = 64;   // of a name, and of a value
inline constexpr std::size_t kMaxRuleBytes = 200;  // of a rule

// Something that a condition read, as an author would write it: `user.plan`, `"premium"`.
struct ReadValue {
  std::string what;
  std::string value;
  friend bool operator==(const ReadValue&, const ReadValue&) = default;
};

// The zone that a local time went by, and the link of the chain that gave it:
// `user.timeZone`, or `the default`.
struct ZoneUsed {
  std::string zone;
  std::string source;
  friend bool operator==(const ZoneUsed&, const ZoneUsed&) = default;
};

struct Reason {
  std::string rule;  // in the author's words, or a few of ours
  std::vector<ReadValue> values;
  std::optional<ZoneUsed> zone;

  bool empty() const { return rule.empty() && values.empty() && !zone; }
  friend bool operator==(const Reason&, const Reason&) = default;
};

struct Decision {
  enum class Kind : std::uint8_t {
    kWay,          // `step` went the way `what`, as a Note of kind kBranch
    kRungSkipped,  // rung `number` of schedule `step` had gone by
    kRungBegun,    // rung `number` of schedule `step` begins
    kWaits,        // the enrollment rests at `step`, at the latest until `until`
    kMoved,        // what it waits for at `step` has moved to `until`
    kWaitOver,     // the time of `step` has come
    kExited,       // `what` is the reason, `step` where it rested last
  };
  Kind kind = Kind::kWay;
  graph::StepIndex step = 0;
  std::uint32_t number = 0;
  std::string what;
  std::optional<base::Instant> until;
  Reason why;
  // So many of the effects of the same call were asked for before.
  std::size_t after_effects = 0;
  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace sojourn::engine
