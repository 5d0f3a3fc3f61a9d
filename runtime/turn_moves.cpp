// The part of TurnOutbox that is about users who become others: what waits or is under way of the
// one is the other's from then on, under the key that it has. Requests that are passed on leave in
// the order in which they came, whoever's they were.
#include "base/check.h"
#include "runtime/changes_under_way.h"
#include "runtime/moved_claims.h"
#include "runtime/operation_record.h"
#include "runtime/turn_outbox.h"

namespace sojourn::runtime {

void TurnOutbox::move(store::UserId from, store::UserId to, std::uint32_t added) {
  context_.changes.moved(from, to);
  auto stored = context_.store.deliveries_of(from);
  if (!stored) {
    status_ = tl::unexpected(stored.error());
    return;
  }
  for (const store::Delivery& delivery : *stored) {
    if (auto loaded = load_to_move(delivery); !loaded) {
      status_ = loaded;
      return;
    }
  }
  std::vector<Work*>& forwards = forwards_of(to);
  for (const auto& work : works_) {
    if (work->key.user != from || work->state == Work::State::kGone) continue;
    move(*work, to, added);
    if (work->record.kind == DeliveryRecord::Kind::kForward) forwards.push_back(work.get());
  }
  forwards_.erase(from.packed());
}

// What this turn has at hand already is as the turn has it.
base::Status TurnOutbox::load_to_move(const store::Delivery& delivery) {
  if (by_key_.contains(delivery.key)) return {};
  if (!delivery.next_attempt) {
    SOJOURN_CHECK(claimed(delivery.key) != nullptr, "a claim without an outcome is at hand");
    return {};
  }
  auto added = add_planned(delivery);
  return added ? base::Status() : tl::unexpected(added.error());
}

void TurnOutbox::move(Work& work, store::UserId to, std::uint32_t added) {
  // What this turn has read of it is found by the old key, too.
  if (work.stored) record_.commit.remove_deliveries.push_back(work.key);
  if (work.state == Work::State::kClaimed) context_.moved_claims.moved(work.key.message, to);
  work.key.user = to;
  by_key_[work.key] = &work;
  work.stored = false;
  work.changed = true;
  // Senders' own requests are of no enrollment.
  if (work.record.enrollment != 0) work.record.enrollment += added;
  // What a paused journey holds back is found by its user's id: it is held anew.
  const bool is_held = work.state == Work::State::kPlanned && work.next_attempt == kHeldBack &&
                       work.record.kind != DeliveryRecord::Kind::kForward;
  if (is_held) {
    work.next_attempt = record_.now;
    to_claim_.push_back(&work);
  }
}

}  // namespace sojourn::runtime
