#include "runtime/call_window.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "connectors/webhook/target.h"

namespace sojourn::runtime {
namespace {

// Of a URL that cannot be called, the text: it shares with nobody.
std::string host_of(const graph::Webhook& webhook) {
  const auto target = connectors::webhook::parse_target(webhook.url);
  return target ? target->authority() : webhook.url;
}

}  // namespace

CallWindow::CallWindow(std::span<const graph::Webhook> webhooks,
                       std::uint32_t max_in_doubt_per_host)
    : limit_(max_in_doubt_per_host) {
  std::map<std::string, std::size_t> hosts;
  for (const graph::Webhook& webhook : webhooks) {
    const auto host = hosts.try_emplace(host_of(webhook), hosts.size()).first;
    lane_of_[webhook.name] = host->second;
  }
  lanes_.resize(hosts.size());
}

std::size_t CallWindow::index(std::string_view webhook) const {
  const auto found = lane_of_.find(webhook);
  SOJOURN_CHECK(found != lane_of_.end(), "a verified program calls only declared webhooks");
  return found->second;
}

bool CallWindow::open(std::string_view webhook, base::Instant now) const {
  return lane(webhook).open(limit_, now);
}

void CallWindow::pause_all(base::Instant until) {
  for (Lane& lane : lanes_) lane.pause(until);
}

std::size_t CallWindow::room(base::Instant now) const {
  std::size_t room = 0;
  for (const Lane& lane : lanes_) room += lane.room(limit_, now);
  return room;
}

std::uint32_t CallWindow::in_flight() const {
  std::uint32_t sum = 0;
  for (const Lane& lane : lanes_) sum += lane.in_flight;
  return sum;
}

base::Instant CallWindow::next_opening(base::Instant now) const {
  base::Instant first = base::kNever;
  for (const Lane& lane : lanes_) first = std::min(first, lane.next_opening(now));
  return first;
}

}  // namespace sojourn::runtime
