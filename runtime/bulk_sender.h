// Makes bulk calls of the deliveries of one endpoint: whatever waits when a call may leave is one
// call, so that few calls carry much while much waits, and what comes alone leaves alone. Every
// delivery keeps its own key, claim and outcome.
//
// One call is under way at a time, and everything of the endpoint goes this way. So the order in
// which deliveries of one user are handed over is the order in which Iterable gets them, and its
// two pipelines (connectors/iterable/bulk.h) are never mixed.
//
// What waits here has been claimed: the window of the shards that claim bounds it. Lives on the
// transport's thread; knows neither socket nor timer.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "base/instant.h"
#include "connectors/health.h"
#include "connectors/iterable/bulk.h"
#include "connectors/outcome.h"
#include "runtime/shard_input.h"

namespace sojourn::base {
class Clock;
}

namespace sojourn::runtime {

class Transport;

struct BulkLimits {
  std::size_t items = connectors::iterable::kMaxBulkItems;
  std::size_t bytes = connectors::iterable::kMaxBulkBytes;
  // From the beginning of a call to that of the next.
  base::Millis gap = base::seconds(1);
};

class BulkSender {
 public:
  // Once for each delivery.
  using Ended = std::function<void(const Outgoing&, connectors::Outcome, connectors::Health)>;
  // Somebody is to call `wake` once, after so long; not from within.
  using WakeAfter = std::function<void(base::Millis)>;

  // `transport`, `action` and `clock` outlive the sender.
  BulkSender(Transport& transport, const connectors::iterable::BulkAction& action,
             const BulkLimits& limits, base::Clock& clock, WakeAfter wake_after, Ended ended);

  // Whether a bulk call can stand for its request.
  bool takes(const Outgoing& outgoing) const;
  void add(Outgoing outgoing);
  void wake();

 private:
  struct Batch {
    std::vector<Outgoing> deliveries;                   // without their bodies
    std::vector<connectors::iterable::BulkItem> items;  // the same ones
    void add(Outgoing outgoing);
    Batch take_second_half();
  };

  void ask_to_be_woken();
  Batch next_batch();
  void send(Batch batch);
  void end(Batch batch, const connectors::Attempt& attempt, connectors::Health health);

  Transport& transport_;
  const connectors::iterable::BulkAction& action_;
  const BulkLimits limits_;
  base::Clock& clock_;
  const WakeAfter wake_after_;
  const Ended ended_;
  std::deque<Batch> parts_;  // of a call that is to be made again in parts; they go first
  std::deque<Outgoing> waiting_;
  bool is_under_way_ = false;
  bool will_be_woken_ = false;
  std::int64_t may_begin_at_;  // by the monotonic clock
};

}  // namespace sojourn::runtime
