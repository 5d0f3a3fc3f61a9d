#include "runtime/lived_time.h"

#include <algorithm>
#include <cstdlib>

namespace sojourn::runtime {
namespace {

// A step ahead within the tolerance is followed by one milli in so many: 5 %.
constexpr std::int64_t kSlewParts = 20;
// What a clock that went well for long may step ahead at once.
constexpr std::int64_t kMaxSlew = 1'000 * kSlewParts;

std::int64_t ahead_of(ClockReading reading) {
  return reading.wall.millis - reading.monotonic_millis;
}

}  // namespace

std::string_view to_string(ClockState state) {
  switch (state) {
    case ClockState::kSteady:
      return "steady";
    case ClockState::kBehind:
      return "behind";
    case ClockState::kDoubted:
      return "doubted";
  }
  return "unknown";
}

LivedTime::LivedTime(ClockSettings settings, ClockReading first, std::optional<base::Instant> lived)
    : settings_(settings), lived_(lived.value_or(first.wall)), last_(first) {
  if (lived) {
    start_ = Start{*lived, first.monotonic_millis};
  } else {
    begin_by(ahead_of(first));
  }
  read(first);
}

base::Instant LivedTime::read(ClockReading reading) {
  const std::int64_t passed =
      std::max<std::int64_t>(0, reading.monotonic_millis - last_.monotonic_millis);
  slew_ = std::min(slew_ + std::min(passed, kMaxSlew), kMaxSlew);
  last_ = reading;
  if (start_) read_start(*start_, reading);
  if (start_) return lived_;
  const std::int64_t ahead = ahead_of(reading);
  judge(ahead, reading.monotonic_millis);
  const bool is_doubted = claim_ && ahead > believed_ahead_;
  const base::Instant by_monotonic{reading.monotonic_millis + believed_ahead_};
  lived_ = std::max(lived_, is_doubted ? by_monotonic : std::min(reading.wall, by_monotonic));
  if (is_doubted) {
    state_ = ClockState::kDoubted;
  } else {
    const bool is_behind = lived_ - reading.wall > settings_.tolerance;
    state_ = is_behind ? ClockState::kBehind : ClockState::kSteady;
  }
  return lived_;
}

void LivedTime::read_start(const Start& start, ClockReading reading) {
  const base::Millis passed{reading.monotonic_millis - start.monotonic_millis};
  if (reading.wall < start.lived - settings_.tolerance) {
    state_ = ClockState::kBehind;
    return;
  }
  if (reading.wall - start.lived > base::Millis{settings_.max_outage.count + passed.count}) {
    state_ = ClockState::kDoubted;
    lived_ = std::max(lived_, start.lived + passed);
    return;
  }
  begin_by(ahead_of(reading));
}

void LivedTime::judge(std::int64_t ahead, std::int64_t monotonic_millis) {
  const std::int64_t tolerance = settings_.tolerance.count;
  if (std::abs(ahead - believed_ahead_) <= tolerance) {
    claim_.reset();
    follow(ahead);
  } else if (!claim_ || std::abs(ahead - claim_->ahead) > tolerance) {
    claim_ = Claim{ahead, monotonic_millis};
  } else if (monotonic_millis - claim_->since >= settings_.settle.count) {
    begin_by(ahead);
  }
}

void LivedTime::follow(std::int64_t ahead) {
  const std::int64_t step = std::min(ahead - believed_ahead_, slew_ / kSlewParts);
  believed_ahead_ += step;
  if (step > 0) slew_ -= step * kSlewParts;
}

void LivedTime::begin_by(std::int64_t ahead) {
  believed_ahead_ = ahead;
  start_.reset();
  claim_.reset();
  slew_ = 0;
}

bool LivedTime::believe() {
  if (!start_ && !claim_) return false;
  begin_by(ahead_of(last_));
  return true;
}

}  // namespace sojourn::runtime
