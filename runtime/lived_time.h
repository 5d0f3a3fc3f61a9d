// The daemon's time: what it makes of a wall clock that people and machines set. Readings of
// the wall and of the monotonic clock go in, the instant to live by comes out. It never goes
// back, also not across a restart, so that nothing is decided twice; and it does not follow a
// wall clock that leaps ahead until somebody has reason to believe it, so that nothing is
// decided early.
//
// A wall clock is, at any reading, so far ahead of the monotonic one; that distance is all that
// is judged, always against the last one that was believed. Steps within `tolerance` are
// followed: ahead slowly, back at once. A larger step
//   back:   time stands still until the wall clock has caught up (`behind`);
//   ahead:  time goes on by the monotonic clock as before (`doubted`).
// It is believed when it has stood for `settle`, or when the operator says so. A clock that comes
// back to what was believed is believed at once, so flapping leads nowhere.
//
// At a start the last instant lived takes the place of what was believed: a wall clock that is
// before it, or more than `max_outage` after it, is judged in the same way, but no time settles it.
//
// Pure; one thread at a time (LivedClock lets many ask). docs/decisions/0025-whose-time-it-is.md
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"

namespace sojourn::runtime {

struct ClockReading {
  base::Instant wall;
  std::int64_t monotonic_millis = 0;
};

struct ClockSettings {
  base::Millis tolerance = base::seconds(10);
  base::Millis settle = base::minutes(60);
  base::Millis max_outage = base::days24(7);
};

enum class ClockState : std::uint8_t { kSteady, kBehind, kDoubted };
std::string_view to_string(ClockState state);

class LivedTime {
 public:
  // `lived`: the last instant that was lived by; none: this is the first start.
  LivedTime(ClockSettings settings, ClockReading first, std::optional<base::Instant> lived);

  // The instant to live by; never before one that was given out.
  base::Instant read(ClockReading reading);
  // As of the last reading.
  ClockState state() const { return state_; }
  base::Instant lived() const { return lived_; }
  // The wall clock of the last reading is right, says the operator. The next reading goes by
  // it. False when there was nothing to say.
  bool believe();

 private:
  // Until the first wall clock that is believed.
  struct Start {
    base::Instant lived;
    std::int64_t monotonic_millis = 0;
  };
  // A distance that is not believed yet.
  struct Claim {
    std::int64_t ahead = 0;
    std::int64_t since = 0;  // by the monotonic clock
  };

  void read_start(const Start& start, ClockReading reading);
  void judge(std::int64_t ahead, std::int64_t monotonic_millis);
  void follow(std::int64_t ahead);
  void begin_by(std::int64_t ahead);

  ClockSettings settings_;
  base::Instant lived_;
  std::optional<Start> start_;
  std::optional<Claim> claim_;
  std::int64_t believed_ahead_ = 0;  // of the wall clock before the monotonic one, in millis
  std::int64_t slew_ = 0;            // what may be followed, in parts of a milli (kSlewParts)
  ClockReading last_;
  ClockState state_ = ClockState::kSteady;
};

}  // namespace sojourn::runtime
