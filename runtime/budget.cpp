#include "runtime/budget.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace sojourn::runtime {
namespace {

constexpr double kMillis = 1000.0;
// A token that is short of whole by a rounding error is whole.
constexpr double kWhole = 1.0 - 1e-9;

}  // namespace

double Budget::burst() const {
  return is_unlimited() ? 0 : std::max(1.0, believed_ * kBurstSeconds);
}

void Budget::refill(base::Instant now) {
  grow(now);
  // Set back: the span is lost, what comes after it counts.
  const auto millis = static_cast<double>(std::max<std::int64_t>(0, (now - refilled_at_).count));
  refilled_at_ = now;
  if (is_unlimited()) return;
  tokens_ = std::min(burst(), tokens_ + millis / kMillis * believed_);
}

void Budget::grow(base::Instant now) {
  if (!was_cut_) return;
  if (now < grown_at_) grown_at_ = now;
  if (now < last_cut_) last_cut_ = now;
  const std::int64_t steps = (now - grown_at_).count / kQuiet.count;
  if (steps == 0) return;
  grown_at_ = grown_at_ + base::Millis{steps * kQuiet.count};
  const auto times = static_cast<double>(steps);
  if (configured_ == kUnlimited) {
    const bool forgotten = now - last_cut_ >= kForgotten;
    believed_ = forgotten ? kUnlimited : believed_ * std::pow(kGrowth, times);
  } else {
    believed_ = std::min(configured_, believed_ + times * kStepOfConfigured * configured_);
  }
  if (believed_ >= configured_) was_cut_ = false;
}

std::size_t Budget::available(base::Instant now) {
  refill(now);
  if (is_unlimited()) return std::numeric_limits<std::size_t>::max();
  return tokens_ < kWhole ? 0 : static_cast<std::size_t>(tokens_ + (1.0 - kWhole));
}

void Budget::measure(base::Instant now) {
  const std::int64_t second = now.millis / 1000;
  if (second == second_) return;
  begun_before_ = second == second_ + 1 ? begun_ : 0;
  begun_ = 0;
  second_ = second;
}

void Budget::take(base::Instant now) {
  refill(now);
  measure(now);
  begun_ += 1;
  if (is_unlimited()) return;
  SOJOURN_CHECK(tokens_ >= kWhole, "a request begins only with a token");
  tokens_ = std::max(0.0, tokens_ - 1);
}

bool Budget::too_fast(base::Instant now) {
  refill(now);
  if (was_cut_ && now - last_cut_ < kCutsAtMostEvery) return false;
  measure(now);
  if (!was_cut_) slowed_since_ = now;
  // Where nothing is configured, belief also grows past what anybody has tried.
  const double borne = std::max({begun_, begun_before_, 1.0});
  const double tried = configured_ == kUnlimited ? std::min(believed_, borne) : believed_;
  believed_ = std::max(kLeastPerSecond, tried / 2);
  tokens_ = std::min(tokens_, burst());
  was_cut_ = true;
  last_cut_ = now;
  grown_at_ = now;
  return true;
}

base::Instant Budget::next_token(base::Instant now) {
  if (available(now) > 0) return now;
  const double wait = (1.0 - tokens_) / believed_ * kMillis;
  return now + base::Millis{std::max<std::int64_t>(1, std::llround(std::ceil(wait)))};
}

double Budget::believed(base::Instant now) {
  grow(now);
  return believed_;
}

}  // namespace sojourn::runtime
