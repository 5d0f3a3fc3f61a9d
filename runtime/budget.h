// How many requests a second an endpoint is given: a token bucket with a small burst. The rate is
// what is configured, or less while the endpoint says that it is too much: each such answer halves
// what is believed to be available, a quiet time lets it grow back. Without a configured rate
// everything is allowed until the endpoint says so, and again when that is long ago.
//
// A pure value: time is an argument, and may go backwards, which gives nothing and takes nothing.
// Of a lane; on the shard's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/instant.h"

namespace sojourn::runtime {

class Budget {
 public:
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();
  // Of a second: what may leave at once after a pause, and never less than one request.
  static constexpr double kBurstSeconds = 0.1;
  // Less is never believed.
  static constexpr double kLeastPerSecond = 0.5;
  // Answers to requests of before a cut still come: they do not cut again.
  static constexpr base::Millis kCutsAtMostEvery = base::seconds(5);
  // After each of these without such an answer, a step back to what is configured: a share of
  // that, or a growth of what is believed.
  static constexpr base::Millis kQuiet = base::seconds(10);
  static constexpr double kStepOfConfigured = 0.05;
  static constexpr double kGrowth = 1.1;
  // Without a configured rate: when it is forgotten that there was too much.
  static constexpr base::Millis kForgotten = base::minutes(10);

  explicit Budget(double per_second = kUnlimited) : configured_(per_second), believed_(per_second) {
    tokens_ = burst();
  }

  // Requests that may begin now.
  std::size_t available(base::Instant now);
  // One begins; there was one available.
  void take(base::Instant now);
  // The endpoint said that it is too much. True when that changes what is believed.
  bool too_fast(base::Instant now);

  // When there is a token again; `now` if there is one.
  base::Instant next_token(base::Instant now);

  double configured() const { return configured_; }
  double believed(base::Instant now);
  // While less is believed than configured: since when.
  bool is_slowed(base::Instant now) { return believed(now) < configured_; }
  base::Instant slowed_since() const { return slowed_since_; }

 private:
  bool is_unlimited() const { return believed_ == kUnlimited; }
  double burst() const;
  void refill(base::Instant now);
  void grow(base::Instant now);
  void measure(base::Instant now);

  double configured_;
  double believed_;
  double tokens_ = 0;  // while limited
  base::Instant refilled_at_;
  // Requests begun in this second and in the one before: what the endpoint has borne so far.
  std::int64_t second_ = 0;
  double begun_ = 0;
  double begun_before_ = 0;
  base::Instant last_cut_;
  bool was_cut_ = false;
  base::Instant grown_at_;
  base::Instant slowed_since_;
};

}  // namespace sojourn::runtime
