#include "runtime/call_window.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "connectors/webhook/target.h"
#include "runtime/lane_number.h"

namespace sojourn::runtime {
namespace {

// Somebody waits for the answer: rests are short, and whoever cannot wait goes on without.
constexpr BreakerPolicy kCallBreaker{.failures = 10,
                                     .failures_while_growing = 3,
                                     .first_rest = base::seconds(1),
                                     .longest_rest = base::seconds(30)};

// Of a URL that cannot be called, the text: it shares with nobody.
std::string host_of(const graph::Webhook& webhook) {
  const auto target = connectors::webhook::parse_target(webhook.url);
  return target ? target->authority() : webhook.url;
}

}  // namespace

CallWindow::CallWindow(std::span<const graph::Webhook> webhooks,
                       std::uint32_t max_in_doubt_per_host) {
  std::map<std::string, std::size_t> lanes;
  for (const graph::Webhook& webhook : webhooks) {
    const auto [host, is_new] = lanes.try_emplace(host_of(webhook), lanes.size());
    lane_of_[webhook.name] = host->second;
    if (!is_new) continue;
    hosts_.push_back(host->first);
    numbers_.push_back(lane_number_of_host(host->first));
    lanes_.emplace_back(max_in_doubt_per_host, Budget::kUnlimited, kCallBreaker);
  }
}

Lane& CallWindow::lane(std::string_view webhook) {
  const auto found = lane_of_.find(webhook);
  SOJOURN_CHECK(found != lane_of_.end(), "a verified program calls only declared webhooks");
  return lanes_[found->second];
}

std::uint32_t CallWindow::number_of(std::string_view webhook) const {
  const auto found = lane_of_.find(webhook);
  return found == lane_of_.end() ? kUnsortedLane : numbers_[found->second];
}

Lane* CallWindow::find(std::uint32_t number) {
  const auto found = std::ranges::find(numbers_, number);
  return found == numbers_.end() ? nullptr
                                 : &lanes_[static_cast<std::size_t>(found - numbers_.begin())];
}

void CallWindow::pause_all(base::Instant until) {
  for (Lane& lane : lanes_) lane.pause(until);
}

void CallWindow::end_pauses() {
  for (Lane& lane : lanes_) lane.end_pause();
}

void CallWindow::report(base::Instant now, std::vector<LaneReport>& into) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) into.push_back(lanes_[i].report(hosts_[i], now));
}

}  // namespace sojourn::runtime
