// One way out, with limits of its own: what is under way on it, how fast it may be asked, and
// until when it rests. What waits for it stays where it is, in a queue of its own (lane_number.h);
// what leaves by other lanes does not notice. A value; on the shard's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/instant.h"
#include "connectors/health.h"
#include "runtime/breaker.h"
#include "runtime/budget.h"

namespace sojourn::base {
class Random;
}

namespace sojourn::runtime {

// What the operator is shown of a lane.
struct LaneReport {
  std::string_view name;  // of the endpoint or host; belongs to the shard
  std::uint32_t in_flight = 0;
  std::uint32_t allowed = 0;  // what may be in flight at present
  std::uint32_t limit = 0;    // what may be in flight when all is well
  Breaker::State breaker = Breaker::State::kClosed;
  base::Instant since;   // while the breaker is not closed
  std::string_view why;  // the same: the reason of the last failure
  base::Instant until;   // of a rest or pause: its end; else 1970
  bool is_slowed = false;
  base::Instant slowed_since;
  double configured_per_second = Budget::kUnlimited;
  double believed_per_second = Budget::kUnlimited;
};

class Lane {
 public:
  Lane(std::uint32_t limit, double per_second, BreakerPolicy policy = {})
      : breaker_(policy, limit), budget_(per_second) {}

  // How many more attempts may begin at `now`.
  std::size_t room(base::Instant now);
  bool open(base::Instant now) { return room(now) > 0; }
  void claim(base::Instant now);
  // What the end of an attempt changed, for the operator.
  enum class Change : std::uint8_t { kNone, kOpened, kClosed, kSlowed };
  Change end(connectors::Health health, std::string_view why, base::Instant now,
             base::Random& random);
  // Nothing leaves before `until`.
  void pause(base::Instant until);
  void end_pause() { paused_until_ = {}; }

  // All is well with it, and it opens with the next outcome.
  bool is_merely_full(base::Instant now) const;
  // When it opens by itself; kNever when it is open, or waits for an outcome.
  base::Instant next_opening(base::Instant now);

  std::uint32_t in_flight() const { return in_flight_; }
  // No attempt may begin until then, whatever else holds.
  base::Instant shut_until() const;
  LaneReport report(std::string_view name, base::Instant now);

 private:
  std::uint32_t in_flight_ = 0;
  base::Instant paused_until_;
  Breaker breaker_;
  Budget budget_;
};

// Over all of them.
std::uint32_t in_flight_of(std::span<const Lane> lanes);

}  // namespace sojourn::runtime
