// The part of Turn that says which planned deliveries it takes up: of each lane as many as that has
// room for, so that what waits for a lane that is shut costs nothing and stands before nobody.
#include <algorithm>
#include <tuple>

#include "runtime/call_window.h"
#include "runtime/lane.h"
#include "runtime/outbox_window.h"
#include "runtime/program.h"
#include "runtime/turn.h"

namespace sojourn::runtime {
namespace {

// Of what is past its deadline, in one turn.
constexpr std::size_t kMaxLate = 250;

}  // namespace

base::Status Turn::load_due(std::vector<store::UserId>& users) {
  auto late = context_.store.late_deliveries(record_.now, kMaxLate);
  if (!late) return tl::unexpected(late.error());
  if (auto taken = take_due(*late, users); !taken) return taken;
  auto due = due_of_open_lanes();
  if (!due) return tl::unexpected(due.error());
  return take_due(*due, users);
}

base::Status Turn::take_due(const std::vector<store::Delivery>& due,
                            std::vector<store::UserId>& users) {
  for (const store::Delivery& delivery : due) {
    did_something_ = true;
    auto taken = outbox_.take_due(delivery);
    if (!taken) return tl::unexpected(taken.error());
    if (*taken) users.push_back(delivery.key.user);
  }
  return {};
}

// Those that have something due, the ones with the least room first.
base::Result<std::vector<Turn::OpenLane>> Turn::open_lanes() {
  auto waiting = context_.store.waiting_lanes();
  if (!waiting) return tl::unexpected(waiting.error());
  std::vector<OpenLane> open;
  for (const store::WaitingLane& lane : *waiting) {
    if (lane.first > record_.now) continue;
    Lane* known = context_.window.find(lane.lane);
    if (known == nullptr) known = context_.calls.find(lane.lane);
    // What no lane is for finds its own once it is looked at.
    const std::size_t room =
        known == nullptr ? context_.settings.max_deliveries : known->room(record_.now);
    if (room > 0) open.push_back({lane.lane, room});
  }
  std::ranges::sort(open, {}, &OpenLane::room);
  return open;
}

// What one turn takes is shared out equally, and what a lane has no room for goes to the others; in
// due order.
base::Result<std::vector<store::Delivery>> Turn::due_of_open_lanes() {
  auto open = open_lanes();
  if (!open) return tl::unexpected(open.error());
  std::vector<store::Delivery> all;
  std::size_t left = context_.settings.max_deliveries;
  std::size_t lanes = open->size();
  for (const OpenLane& lane : *open) {
    const std::size_t share = std::max<std::size_t>(1, left / lanes--);
    const std::size_t limit = std::min(lane.room, share);
    auto due = context_.store.due_deliveries(lane.number, record_.now, limit);
    if (!due) return tl::unexpected(due.error());
    left -= std::min(left, due->size());
    const bool may_be_more = due->size() == limit;
    std::ranges::move(*due, std::back_inserter(all));
    if (!may_be_more) continue;
    if (auto whole = take_queue_whole(all); !whole) return tl::unexpected(whole.error());
  }
  std::ranges::sort(all, [](const store::Delivery& a, const store::Delivery& b) {
    return std::tie(*a.next_attempt, a.key) < std::tie(*b.next_attempt, b.key);
  });
  return all;
}

// Which message of a user goes first under a cap is decided among those that one turn has, so the
// last user's are not divided.
base::Status Turn::take_queue_whole(std::vector<store::Delivery>& due) const {
  if (context_.program.catalog().sending.caps.empty()) return {};
  auto all = context_.store.deliveries_of(due.back().key.user);
  if (!all) return tl::unexpected(all.error());
  for (store::Delivery& delivery : *all) {
    const bool is_due = delivery.next_attempt && *delivery.next_attempt <= record_.now;
    const auto is_it = [&](const store::Delivery& other) { return other.key == delivery.key; };
    if (is_due && std::ranges::none_of(due, is_it)) due.push_back(std::move(delivery));
  }
  return {};
}

}  // namespace sojourn::runtime
