#include "runtime/bulk_sender.h"

#include <absl/container/flat_hash_set.h>
#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "connectors/iterable/outcome_table.h"
#include "runtime/dispatcher.h"

namespace sojourn::runtime {

namespace iterable = connectors::iterable;
using connectors::Health;

BulkSender::BulkSender(Transport& transport, const iterable::BulkAction& action,
                       const BulkLimits& limits, base::Clock& clock, WakeAfter wake_after,
                       Ended ended)
    : transport_(transport),
      action_(action),
      limits_(limits),
      clock_(clock),
      wake_after_(std::move(wake_after)),
      ended_(std::move(ended)),
      may_begin_at_(clock.monotonic_millis()) {}

void BulkSender::Batch::add(Outgoing outgoing) {
  items.push_back({std::move(outgoing.request.body), outgoing.just_updated});
  deliveries.push_back(std::move(outgoing));
}

BulkSender::Batch BulkSender::Batch::take_second_half() {
  const auto half = static_cast<std::ptrdiff_t>(items.size() / 2);
  Batch second;
  std::move(deliveries.begin() + half, deliveries.end(), std::back_inserter(second.deliveries));
  std::move(items.begin() + half, items.end(), std::back_inserter(second.items));
  deliveries.resize(static_cast<std::size_t>(half));
  items.resize(static_cast<std::size_t>(half));
  return second;
}

bool BulkSender::takes(const Outgoing& outgoing) const {
  // A bulk call is repeated when its answer was lost.
  const bool is_safe = !outgoing.passed_on || *outgoing.passed_on != iterable::Endpoint::kSend;
  return is_safe && outgoing.request.method == "POST" &&
         outgoing.request.path == action_.single_path;
}

void BulkSender::add(Outgoing outgoing) {
  waiting_.push_back(std::move(outgoing));
  ask_to_be_woken();
}

void BulkSender::ask_to_be_woken() {
  if (is_under_way_ || will_be_woken_ || (parts_.empty() && waiting_.empty())) return;
  will_be_woken_ = true;
  const std::int64_t left = may_begin_at_ - clock_.monotonic_millis();
  wake_after_(base::Millis{std::clamp<std::int64_t>(left, 0, limits_.gap.count)});
}

void BulkSender::wake() {
  SOJOURN_CHECK(will_be_woken_ && !is_under_way_, "a sender is woken when it has asked for it");
  will_be_woken_ = false;
  may_begin_at_ = clock_.monotonic_millis() + limits_.gap.count;
  if (parts_.empty()) return send(next_batch());
  Batch part = std::move(parts_.front());
  parts_.pop_front();
  send(std::move(part));
}

// As much of what waits as one call may hold, in order; at least one, whatever its size: Iterable
// has the last word on that.
BulkSender::Batch BulkSender::next_batch() {
  Batch batch;
  absl::flat_hash_set<std::uint64_t> users;
  std::deque<Outgoing> left;
  std::size_t bytes = iterable::bulk_bytes(action_);
  while (!waiting_.empty() && batch.items.size() < limits_.items) {
    Outgoing& first = waiting_.front();
    const std::size_t size = first.request.body.size() + iterable::kBytesBetweenItems;
    if (!batch.items.empty() && bytes + size > limits_.bytes) break;
    const bool is_new = users.insert(first.key.user.packed()).second;
    if (action_.one_for_each_user && !is_new) {
      left.push_back(std::move(first));
    } else {
      bytes += size;
      batch.add(std::move(first));
    }
    waiting_.pop_front();
  }
  std::move(left.rbegin(), left.rend(), std::front_inserter(waiting_));
  return batch;
}

void BulkSender::send(Batch batch) {
  is_under_way_ = true;
  const auto request = iterable::bulk_request(action_, batch.items);
  const auto shared = std::make_shared<Batch>(std::move(batch));
  const bool was_sent = transport_.send(request, [this, shared](connectors::Attempt attempt) {
    const Health health = connectors::health_of(attempt);
    end(std::move(*shared), attempt, health);
  });
  if (was_sent) return;
  end(std::move(*shared), connectors::TransportFailure{false, kQueueFull}, Health::kUnknown);
}

void BulkSender::end(Batch batch, const connectors::Attempt& attempt, Health health) {
  is_under_way_ = false;
  iterable::BulkVerdict verdict = iterable::decide_bulk(batch.items, attempt);
  if (verdict.split) {
    parts_.push_front(batch.take_second_half());
    parts_.push_front(std::move(batch));
    return ask_to_be_woken();
  }
  // One call says one thing of the endpoint, however many it stands for.
  for (std::size_t i = 0; i < batch.deliveries.size(); ++i) {
    ended_(batch.deliveries[i], std::move(verdict.outcomes[i]), i == 0 ? health : Health::kUnknown);
  }
  ask_to_be_woken();
}

}  // namespace sojourn::runtime
