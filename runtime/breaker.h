// Stops asking an endpoint that answers nobody. After a run of failures that are the endpoint's
// own fault it is open: nothing is tried for a rest. Then one attempt may probe. If that fails,
// the rest is longer; if it does not, more and more may be under way at once, until it is as
// before. So an outage costs a few attempts an hour, not one of every message.
//
//   closed --failures in a row--> resting --time--> probing --well--> growing --> closed
//                                    ^-----failing----'                  |
//                                    '-----------failures in a row-------'
//
// A pure value: time and chance are arguments. Of a lane; on the shard's thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/instant.h"
#include "connectors/health.h"

namespace sojourn::runtime {

struct BreakerPolicy {
  // In a row, of one that was well; and of one that is growing back.
  std::uint32_t failures = 10;
  std::uint32_t failures_while_growing = 3;
  // Rests double. Each is between a half and the whole of what it can be.
  base::Millis first_rest = base::seconds(5);
  base::Millis longest_rest = base::minutes(5);
};

class Breaker {
 public:
  enum class State : std::uint8_t { kClosed, kResting, kProbing, kGrowing };

  // `limit`: attempts under way at once of an endpoint that is well.
  Breaker(BreakerPolicy policy, std::uint32_t limit) : policy_(policy), limit_(limit) {}

  State state(base::Instant now) const;
  // How many attempts may be under way at once at `now`: none while it rests.
  std::uint32_t allowed(base::Instant now) const;

  // An attempt begins.
  void begin(base::Instant now);
  // An attempt has ended. `why` is static text; `random` is 64 uniform bits.
  enum class Change : std::uint8_t { kNone, kOpened, kClosed };
  Change end(connectors::Health health, std::string_view why, base::Instant now,
             std::uint64_t random);

  // While it is not closed: since when, and what the last failure was called.
  base::Instant since() const { return since_; }
  std::string_view why() const { return why_; }
  // While it rests: when a probe may leave.
  base::Instant rests_until() const { return rests_until_; }
  base::Millis rest() const { return rest_; }
  std::uint32_t limit() const { return limit_; }

 private:
  void open(base::Instant now, std::uint64_t random);
  Change grow(connectors::Health health, base::Instant now, std::uint64_t random);
  Change probed(connectors::Health health, base::Instant now, std::uint64_t random);
  Change close();
  bool is_calm(base::Instant now) const;

  BreakerPolicy policy_;
  std::uint32_t limit_;
  enum class Mode : std::uint8_t { kClosed, kOpen, kGrowing };
  Mode mode_ = Mode::kClosed;
  std::uint32_t run_ = 0;       // failures in a row
  bool probe_is_out_ = false;   // open: the attempt that ends next is the probe
  std::uint32_t grown_to_ = 1;  // growing: what may be under way
  base::Instant calm_since_;    // growing: without a failure
  base::Millis rest_;           // the last one; zero: none since it was well
  base::Instant rests_until_;
  base::Instant since_;
  std::string_view why_;
};

std::string_view to_string(Breaker::State state);

}  // namespace sojourn::runtime
