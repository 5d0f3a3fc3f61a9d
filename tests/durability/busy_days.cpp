#include "tests/durability/busy_days.h"

#include <algorithm>

#include "base/check.h"
#include "tests/durability/power_cut.h"

namespace sojourn::durability {
namespace {

constexpr base::Instant kStart{1'772'355'600'000};  // 2026-03-01T09:00:00Z
constexpr std::uint64_t kPublishedPerPowerCut = 5;

}  // namespace

BusyDays::BusyDays(std::uint64_t seed)
    : traffic_(seed),
      moments_(seed),
      shard_(std::make_unique<WatchedShard>(directory_.file(kDatabaseName), seed)),
      now_(kStart) {}

void BusyDays::go(int turns) {
  shard_->witness().at_publish([this] { perhaps_cut_power(); });
  SOJOURN_CHECK(try_go(turns).has_value(), "a disk that works lets every turn go through");
  shard_->witness().at_publish({});
}

base::Status BusyDays::try_go(int turns) {
  for (int i = 0; i < turns; ++i) {
    const auto wake = shard_->try_turn(inputs(), now_);
    if (!wake) return tl::unexpected(wake.error());
    move_clock(*wake);
  }
  return {};
}

std::string BusyDays::stop() {
  shard_.reset();
  return directory_.file(kDatabaseName);
}

std::deque<runtime::ShardInput> BusyDays::inputs() {
  std::deque<runtime::ShardInput> inputs;
  // Each attempt takes a few turns, so outcomes come out of order and some never.
  std::deque<runtime::Outgoing> waiting;
  for (const runtime::Outgoing& outgoing : shard_->witness().outgoing()) {
    if (base::random_below(traffic_.random(), 4) != 0) {
      waiting.push_back(outgoing);
    } else {
      inputs.emplace_back(traffic_.outcome(outgoing));
    }
  }
  shard_->witness().outgoing() = std::move(waiting);
  for (std::uint64_t n = base::random_below(traffic_.random(), 4); n > 0; --n) {
    inputs.emplace_back(traffic_.request());
  }
  return inputs;
}

void BusyDays::move_clock(base::Instant wake) {
  switch (base::random_below(traffic_.random(), 10)) {
    case 0:  // straight to what is due next, when that is soon
      now_ = std::max(now_, std::min(wake, now_ + base::hours(2)));
      return;
    case 1:  // somebody sets the clock back
      now_ = now_ - base::minutes(3);
      return;
    default:
      now_ = now_ +
             base::minutes(static_cast<std::int64_t>(base::random_below(traffic_.random(), 25)));
  }
}

void BusyDays::perhaps_cut_power() {
  if (base::random_below(moments_, kPublishedPerPowerCut) != 0) return;
  ++power_cuts_;
  auto broken = broken_by_power_cut(shard_->witness().power_cut(), shard_->witness().promises());
  std::ranges::move(broken, std::back_inserter(broken_));
}

}  // namespace sojourn::durability
