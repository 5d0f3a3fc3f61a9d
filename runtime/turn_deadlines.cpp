// The part of TurnOutbox that is about deliveries that are past their time.
#include <variant>

#include "runtime/outbox_window.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

// A full window opens with an outcome, which wakes us anyway. One that rests does so by itself;
// it keeps nobody at a step whose message is past its time.
void TurnOutbox::wait_for_opening(UserState& user, Work& work, Endpoint endpoint) {
  const base::Instant until = context_.window.paused_until(endpoint);
  if (until <= record_.now || until == base::kNever) return;
  const base::Instant last = gives_up_after(user, work);
  if (last < record_.now) return end_unsent(user, work, kLate, false);
  plan_again(work, last < until ? last + base::Millis{1} : until);
}

// The last instant at which it may leave. kNever also when it is not late that keeps it back:
// that is said when it is claimed.
base::Instant TurnOutbox::gives_up_after(UserState& user, const Work& work) {
  if (work.record.kind != DeliveryRecord::Kind::kMessage) {
    return may_expire(work) ? work.record.planned_at + context_.program.catalog().sending.deadline
                            : base::kNever;
  }
  const auto decided = decide(user, work);
  if (!decided) return base::kNever;
  if (const auto* now = std::get_if<engine::SendNow>(&*decided)) return now->last_chance;
  const auto* skipped = std::get_if<engine::SendSkipped>(&*decided);
  const bool is_late = skipped != nullptr && skipped->reason == kLate;
  return is_late ? base::Instant{record_.now.millis - 1} : base::kNever;
}

// A no is told however late.
bool TurnOutbox::may_expire(const Work& work) {
  return work.record.kind != DeliveryRecord::Kind::kUnsubscribe;
}

bool TurnOutbox::too_late(const Work& work) const {
  return record_.now - work.record.planned_at > context_.program.catalog().sending.deadline;
}

}  // namespace sojourn::runtime
