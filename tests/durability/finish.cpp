#include "tests/durability/finish.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "runtime/counter_names.h"

namespace sojourn::durability {
namespace {

constexpr int kMaxTurnsToFinish = 10'000;

}  // namespace

std::map<store::DeliveryKey, std::vector<std::uint32_t>> finish(WatchedShard& shard,
                                                                base::Instant now) {
  std::map<store::DeliveryKey, std::vector<std::uint32_t>> attempts;
  for (int i = 0; i < kMaxTurnsToFinish; ++i) {
    std::deque<runtime::ShardInput> inputs;
    for (const runtime::Outgoing& outgoing : shard.witness().outgoing()) {
      attempts[outgoing.key].push_back(outgoing.attempt);
      inputs.emplace_back(
          runtime::AttemptEnded{outgoing.key,
                                outgoing.attempt,
                                outgoing.endpoint,
                                {.kind = connectors::OutcomeKind::kAccepted, .reason = "accepted"},
                                connectors::Health::kWell});
    }
    shard.witness().outgoing().clear();
    const base::Instant wake = shard.turn(std::move(inputs), now);
    if (!shard.witness().outgoing().empty()) continue;
    if (wake == base::kNever) return attempts;
    now = std::max(now, wake);
  }
  ADD_FAILURE() << "there is always something left to do";
  return attempts;
}

std::int64_t total(store::Store& store, const std::string& family) {
  std::int64_t sum = 0;
  const auto counters = store.counters().value();
  for (const auto& [name, value] : counters) {
    const auto parts = runtime::counter_parts(name);
    if (parts[0] == family && parts.size() > 1 && parts[1] == "welcome") sum += value;
  }
  return sum;
}

std::int64_t counter(store::Store& store, const std::string& wanted) {
  const auto counters = store.counters().value();
  for (const auto& [name, value] : counters) {
    if (name == wanted) return value;
  }
  return 0;
}

}  // namespace sojourn::durability
