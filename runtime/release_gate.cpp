#include "runtime/release_gate.h"

#include <algorithm>

namespace sojourn::runtime {
namespace {

constexpr std::int64_t kMicros = 1'000;  // of a milli
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
// What was not used is kept for so long: who comes in such a crowd leaves at once.
constexpr std::int64_t kSavedMicros = kMicrosPerSecond;
// Places are rounded up, so that a turn takes many.
constexpr std::int64_t kTogetherMillis = 100;

}  // namespace

ReleaseGate::ReleaseGate(std::uint32_t per_second)
    : step_micros_(kMicrosPerSecond / std::max<std::int64_t>(1, per_second)) {}

bool ReleaseGate::comes_with_many(base::Instant due) {
  return due.millis % base::minutes(1).count == 0;
}

base::Instant ReleaseGate::place(store::UserId user, base::Instant now) {
  if (last_user_ == user && asked_at_ == now) return last_place_;
  last_user_ = user;
  asked_at_ = now;
  const std::int64_t now_micros = now.millis * kMicros;
  next_micros_ = std::max(next_micros_, now_micros - kSavedMicros);
  const std::int64_t place = next_micros_;
  next_micros_ += step_micros_;
  if (place < now_micros) return last_place_ = now;
  const std::int64_t together = kTogetherMillis * kMicros;
  return last_place_ = base::Instant{(place / together + 1) * kTogetherMillis};
}

}  // namespace sojourn::runtime
