#include "runtime/turn_outbox.h"

#include <algorithm>
#include <utility>

#include "runtime/operation_book.h"
#include "runtime/program.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {

TurnOutbox::TurnOutbox(const TurnContext& context, TurnRecord& record, UserBook& users,
                       JourneyRunner& runner)
    : context_(context), record_(record), users_(users), runner_(runner) {}

TurnOutbox::~TurnOutbox() = default;

TurnOutbox::Work& TurnOutbox::add(Work work) {
  works_.push_back(std::make_unique<Work>(std::move(work)));
  Work& added = *works_.back();
  by_key_[added.key] = &added;
  return added;
}

base::Result<TurnOutbox::Work*> TurnOutbox::add_planned(const store::Delivery& delivery) {
  auto record = decode_delivery(delivery.body);
  if (!record) return tl::unexpected(record.error());
  Work work;
  work.key = delivery.key;
  work.record = std::move(*record);
  work.stored = true;
  work.next_attempt = delivery.next_attempt.value_or(record_.now);
  work.lane = delivery.lane;
  work.deadline = delivery.deadline;
  return &add(std::move(work));
}

base::Result<bool> TurnOutbox::take_due(const store::Delivery& delivery) {
  if (by_key_.contains(delivery.key)) return false;
  auto work = add_planned(delivery);
  if (!work) return tl::unexpected(work.error());
  if (wait_for_release(**work)) return false;
  // Its lane is another than when it was planned: that says when it is its turn.
  const bool is_late = delivery.deadline && *delivery.deadline < record_.now;
  const bool is_misplaced = delivery.lane != lane_number_of((*work)->record);
  const bool stays = is_misplaced && !is_late && !what_is_missing((*work)->record);
  if (stays && wait_for_lane(**work)) return false;
  to_claim_.push_back(*work);
  return true;
}

TurnOutbox::Work* TurnOutbox::claimed(const store::DeliveryKey& key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  auto taken = context_.claimed.extract(key);
  if (taken.empty()) return nullptr;
  Work work;
  work.key = key;
  work.record = std::move(taken.mapped());
  work.stored = true;
  work.state = Work::State::kClaimed;
  return &add(std::move(work));
}

void TurnOutbox::plan(UserState& user, const base::Hash128& message_key, DeliveryRecord record) {
  Work work;
  work.key = store::DeliveryKey{user.id(), message_key};
  work.record = std::move(record);
  work.changed = true;
  work.next_attempt = record_.now;
  to_claim_.push_back(&add(std::move(work)));
}

base::Status TurnOutbox::take_released(const store::Delivery& delivery) {
  // Another place of it came first, in this turn: a message leaves once, however many it has.
  if (by_key_.contains(delivery.key)) return {};
  auto work = add_planned(delivery);
  if (!work) return tl::unexpected(work.error());
  plan_again(**work, record_.now);
  to_claim_.push_back(*work);
  return {};
}

base::Result<TurnOutbox::Work*> TurnOutbox::still_planned(const store::Delivery& delivery) {
  const auto known = by_key_.find(delivery.key);
  if (known == by_key_.end()) return add_planned(delivery);
  return known->second->state == Work::State::kPlanned ? known->second : nullptr;
}

base::Status TurnOutbox::take_back(const store::Delivery& delivery) {
  auto work = still_planned(delivery);
  if (!work) return tl::unexpected(work.error());
  if (*work != nullptr) end_with_enrollment(**work);
  return {};
}

// What is true here already is still told to Iterable. What may have arrived is looked up first.
void TurnOutbox::end_with_enrollment(Work& work) {
  if (work.record.parked) return;
  UserState* user = users_.must_find(work.key.user);
  if (user == nullptr) return;
  const bool was_sent_out = context_.operations.is_sending_out(work.record.journey) &&
                            user->find_seat(work.record.enrollment) == nullptr;
  if (!was_sent_out) return;
  if (work.record.kind == DeliveryRecord::Kind::kMessage) {
    end_unsent(*user, work, "exited", false);
  } else if (work.record.kind == DeliveryRecord::Kind::kCall) {
    end_call(*user, work, kLeft);
  }
}

void TurnOutbox::plan_again(Work& work, base::Instant at) {
  work.state = Work::State::kPlanned;
  work.next_attempt = at;
  // Never before its turn. What is held back has all the time.
  const auto last = at == kHeldBack ? std::nullopt : known_deadline(work);
  work.deadline = last ? std::optional(std::max(*last, at)) : std::nullopt;
  work.changed = true;
}

void TurnOutbox::log(UserState& user, const Work& work, LogRecord::Kind kind,
                     std::string_view detail, engine::Reason why,
                     std::optional<base::Instant> until) {
  LogRecord line;
  line.kind = kind;
  line.at = record_.now;
  line.journey = work.record.journey;
  line.enrollment = work.record.enrollment;
  line.subject = work.record.subject;
  line.detail = detail;
  line.until = until;
  line.why = std::move(why);
  user.log(std::move(line));
}

void TurnOutbox::write_to(store::Commit& commit) const {
  for (const auto& work : works_) {
    if (!work->changed) continue;
    if (work->state == Work::State::kGone) {
      if (work->stored) commit.remove_deliveries.push_back(work->key);
      continue;
    }
    store::Delivery delivery{work->key, std::nullopt, encode(work->record)};
    if (work->state == Work::State::kPlanned) {
      delivery.next_attempt = work->next_attempt;
      delivery.lane = lane_number_of(work->record);
      delivery.deadline = work->deadline;
    }
    commit.put_deliveries.push_back(std::move(delivery));
  }
}

void TurnOutbox::release() {
  for (const auto& work : works_) {
    if (work->state == Work::State::kClaimed) {
      context_.claimed.emplace(work->key, std::move(work->record));
    }
  }
  by_key_.clear();
  forwards_.clear();
  works_.clear();
}

}  // namespace sojourn::runtime
