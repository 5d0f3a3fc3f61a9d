// The user's log: what happened to them, what was decided about them and why, one row per
// turn that did something, numbered by the commit that wrote it. Written only; read when an
// operator asks, and forgotten when it is old (runtime/log_keeper.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "engine/decision.h"

namespace sojourn::runtime {

struct LogRecord {
  // Stored as numbers: never renumber.
  enum class Kind : std::uint8_t {
    kEvent = 1,          // `subject` arrived
    kProfile = 2,        // fields `detail` changed
    kEntered = 3,        // enrollment began
    kRefused = 4,        // an entry was not taken; `detail` is the rule
    kReached = 5,        // step `subject`
    kBranch = 6,         // at step `subject` the way `detail` was taken
    kRungSkipped = 7,    // a rung (`detail`) of `subject` had gone by
    kClaimed = 8,        // message `subject` (a campaign) leaves; `detail` is its key
    kAccepted = 9,       // Iterable took it
    kSkipped = 10,       // it ended unsent; `detail` is the reason
    kRetried = 11,       // an attempt failed; `detail` says why
    kInDoubt = 12,       // an attempt's answer never came; `detail` is the key
    kExited = 13,        // enrollment ended at step `subject`; `detail` is the reason
    kEntryUpdated = 14,  // `subject` arrived, and is the enrollment's entry from now on
    kDeferred = 20,      // message `subject` waits; `detail`: until when, by which rule
    kGoal = 21,          // goal `subject` was met; `detail` is its value
    kCalled = 40,        // webhook `subject` is asked; `detail` is the call's key
    kAnswered = 41,      // it answered in time
    kCallEnded = 42,     // the call came to nothing; `detail` says why
    kAnsweredLate = 43,  // it answered when nobody waited any more: nothing comes of it
    kSentAgain = 44,     // an operator wants `subject`, which had ended unsent; `detail` is its key
    kDropped = 45,       // an operator gave up `subject`, which had ended unsent
    kLookedUp = 46,   // Iterable was asked whether it has message `subject`; `detail`: the answer
    kWaits = 60,      // the enrollment rests at step `subject`, at the latest until `until`
    kMoved = 61,      // that moved to `until`
    kWaitOver = 62,   // the time of step `subject` came
    kRungBegun = 63,  // a rung of schedule `subject` begins
    kMerged = 70,     // the user `subject` turned out to be this one
  };
  Kind kind = Kind::kEvent;
  base::Instant at;
  std::string journey;           // empty when it concerns none
  std::uint32_t enrollment = 0;  // 0 when it concerns none
  std::string subject;
  std::string detail;
  std::optional<base::Instant> until = {};
  engine::Reason why = {};  // bounded by the engine's limits
  friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

std::string_view to_string(LogRecord::Kind kind);

// Format: u8 version (2), signed varint milliseconds of the first record, varint count, then
// for each: u8 kind, u8 parts, signed varint milliseconds since the first, [string journey,
// varint enrollment: unless part 1, as of the record before], string subject, string detail,
// [part 2: signed varint milliseconds from the record to `until`] [part 4: string rule] [part
// 8: varint count, and as many times string what, string value] [part 16: string zone,
// string source]. In version 1 there are no parts, and journey and enrollment always stand.
std::string encode(const std::vector<LogRecord>& records);
base::Result<std::vector<LogRecord>> decode_log(std::string_view bytes);
// When the first record of a row was made, without reading the rest.
base::Result<base::Instant> time_of_log(std::string_view bytes);

}  // namespace sojourn::runtime
