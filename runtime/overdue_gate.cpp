#include "runtime/overdue_gate.h"

#include <algorithm>

namespace sojourn::runtime {
namespace {

constexpr std::int64_t kSlicesPerSecond = 20;

}  // namespace

OverdueGate::OverdueGate(std::uint32_t per_second, base::Millis after)
    : per_second_(std::max<std::int64_t>(1, per_second)),
      after_(after),
      slice_(std::max<std::int64_t>(1, per_second_ / kSlicesPerSecond)),
      millitokens_(per_second_ * 1000) {}

std::size_t OverdueGate::room(base::Instant now) {
  constexpr std::int64_t kFull = 1'000;  // a second's worth
  if (looked_at_ && now > *looked_at_) {
    const std::int64_t passed = std::min((now - *looked_at_).count, kFull);
    millitokens_ = std::min(millitokens_ + passed * per_second_, per_second_ * 1000);
  }
  looked_at_ = std::max(looked_at_.value_or(now), now);
  return is_open() ? static_cast<std::size_t>(millitokens_ / 1000) : 0;
}

void OverdueGate::took(std::size_t count) {
  millitokens_ -= static_cast<std::int64_t>(count) * 1000;
  taken_ += count;
}

base::Instant OverdueGate::next_opening() const {
  const base::Instant from = looked_at_.value_or(base::Instant{});
  const std::int64_t missing = std::max<std::int64_t>(0, slice_ * 1000 - millitokens_);
  return from + base::Millis{(missing + per_second_ - 1) / per_second_};
}

}  // namespace sojourn::runtime
