// The part of TurnOutbox that is about deliveries that ended unsent although they were
// tried: they are kept, and planned again when an operator wants it.
#include <utility>

#include "runtime/counter_names.h"
#include "runtime/dead_letter.h"
#include "runtime/dead_letter_book.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

void TurnOutbox::keep_letter(const Work& work, DeliveryState state, std::string_view reason,
                             std::string_view answer) {
  DeadLetter letter;
  letter.key = work.key;
  letter.record = work.record;
  letter.state = state;
  letter.since = record_.now;
  letter.reason = reason;
  letter.answer = kept_answer(answer);
  context_.letters.add(std::move(letter), record_);
}

void TurnOutbox::send_again(UserState& user, const store::DeliveryKey& key, DeliveryRecord record) {
  if (record.kind == DeliveryRecord::Kind::kMessage) {
    record.sent_again = true;
    record.last_chance = last_chance(record, context_.program.catalog().sending.deadline);
    // What a cap or quiet hours let it wait counts from now; its last chance stays.
    record.planned_at = record_.now;
    record_.count(counter_name({"planned", record.journey, record.subject}));
  }
  Work work;
  work.key = key;
  work.record = std::move(record);
  work.changed = true;
  work.next_attempt = record_.now;
  Work& added = add(std::move(work));
  log(user, added, LogRecord::Kind::kSentAgain, key.message.hex());
  to_claim_.push_back(&added);
}

std::string_view TurnOutbox::ended_as(const store::DeliveryKey& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::string_view() : found->second->ended_as;
}

std::optional<engine::SendAgain> TurnOutbox::again(const Work& work) {
  const DeliveryRecord& record = work.record;
  if (!record.sent_again || !record.last_chance) return std::nullopt;
  return engine::SendAgain{record.planned_at, *record.last_chance};
}

}  // namespace sojourn::runtime
