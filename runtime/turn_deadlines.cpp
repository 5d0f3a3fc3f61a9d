// The part of TurnOutbox that is about deliveries that are past their time.
#include <optional>
#include <variant>

#include "runtime/lane.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

// Without asking the user, so of a message only when it was decided on before. What may have
// arrived is looked up, however late.
std::optional<base::Instant> TurnOutbox::known_deadline(const Work& work) const {
  const DeliveryRecord& record = work.record;
  if (record.parked || !may_expire(work)) return std::nullopt;
  // Of a call, its step knows.
  if (record.kind == DeliveryRecord::Kind::kCall) return std::nullopt;
  if (record.kind == DeliveryRecord::Kind::kMessage) return record.last_chance;
  return record.planned_at + context_.program.catalog().sending.deadline;
}

// While its lane is shut nobody looks at it in its turn, so its time is one more thing that is
// waited for: it is given up when that is over, not when the lane opens.
void TurnOutbox::keep_deadline(UserState& user, Work& work) {
  const bool is_late = work.deadline && *work.deadline < record_.now;
  const Lane& lane = lane_of(work.record);
  const bool may_last = !lane.is_merely_full(record_.now) && lane.shut_until() != base::kNever;
  if (!is_late && (work.deadline || !may_last)) return;
  const auto last = deadline(user, work);
  if (last && *last < record_.now) return end_unsent(user, work, kLate, false);
  if (work.record.kind == DeliveryRecord::Kind::kMessage && last) work.record.last_chance = last;
  if (work.deadline == last) return;
  work.deadline = last;
  work.changed = true;
}

// The last instant at which it may leave; nothing when there is none, or when it is not time that
// keeps it back: that is said when it is claimed.
std::optional<base::Instant> TurnOutbox::deadline(UserState& user, const Work& work) {
  if (work.record.kind != DeliveryRecord::Kind::kMessage) return known_deadline(work);
  const auto decided = decide(user, work);
  if (!decided) return std::nullopt;
  if (const auto* now = std::get_if<engine::SendNow>(&*decided)) return now->last_chance;
  const auto* skipped = std::get_if<engine::SendSkipped>(&*decided);
  if (skipped == nullptr || skipped->reason != kLate) return std::nullopt;
  return base::Instant{record_.now.millis - 1};
}

// A no is told however late, and so is what its sender was told is kept.
bool TurnOutbox::may_expire(const Work& work) {
  if (work.record.kind == DeliveryRecord::Kind::kForward) return false;
  return work.record.kind != DeliveryRecord::Kind::kUnsubscribe;
}

bool TurnOutbox::too_late(const Work& work) const {
  return record_.now - work.record.planned_at > context_.program.catalog().sending.deadline;
}

}  // namespace sojourn::runtime
