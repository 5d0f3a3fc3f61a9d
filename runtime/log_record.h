// The user's log: what happened to them and why, one row per turn that did
// something, numbered by the commit that wrote it. Written only; read when an
// operator asks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

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
    kExited = 13,        // enrollment ended; `detail` is the reason
    kEntryUpdated = 14,  // `subject` arrived, and is the enrollment's entry from now on
    kDeferred = 20,      // message `subject` waits; `detail`: until when, by which rule
    kGoal = 21,          // goal `subject` was met; `detail` is its value
    kCalled = 40,        // webhook `subject` is asked; `detail` is the call's key
    kAnswered = 41,      // it answered in time
    kCallEnded = 42,     // the call came to nothing; `detail` says why
    kAnsweredLate = 43,  // it answered when nobody waited any more: nothing comes of it
    kSentAgain = 44,     // an operator wants `subject`, which had ended unsent; `detail` is its key
    kDropped = 45,       // an operator gave up `subject`, which had ended unsent
    kLookedUp = 60,  // Iterable was asked whether it has message `subject`; `detail`: the answer
  };
  Kind kind = Kind::kEvent;
  base::Instant at;
  std::string journey;           // empty when it concerns none
  std::uint32_t enrollment = 0;  // 0 when it concerns none
  std::string subject;
  std::string detail;
  friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

std::string_view to_string(LogRecord::Kind kind);

// Format: u8 version (1), signed varint milliseconds of the first record, varint
// count, then for each: u8 kind, signed varint milliseconds since the first,
// string journey, varint enrollment, string subject, string detail.
std::string encode(const std::vector<LogRecord>& records);
base::Result<std::vector<LogRecord>> decode_log(std::string_view bytes);

}  // namespace sojourn::runtime
