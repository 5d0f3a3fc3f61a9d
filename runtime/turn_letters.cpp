// The part of TurnOutbox that is about deliveries that ended unsent although they were
// tried: they are kept, and planned again when an operator wants it; and about those that an
// operator, or a program that does not know them any more, does not let leave.
#include <fmt/format.h>
#include <utility>

#include "engine/enrollment_codec.h"
#include "runtime/counter_names.h"
#include "runtime/dead_letter.h"
#include "runtime/dead_letter_book.h"
#include "runtime/delivery_record.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {
namespace {

using Kind = DeliveryRecord::Kind;

// What the text calls it that a delivery is about, and whether the program knows it, and its id
// where Iterable knows it by one.
struct Subject {
  std::string_view what;
  bool declared = true;
  bool has_id = true;
};

template <typename Declared>
Subject with_id(std::string_view what, const Declared* declared) {
  return {what, declared != nullptr, declared != nullptr && declared->id.has_value()};
}

Subject subject_of(const DeliveryRecord& record, const Program& program) {
  const graph::Catalog& catalog = program.catalog();
  switch (record.kind) {
    case Kind::kMessage:
      return with_id("campaign", program.find_campaign(record.subject));
    case Kind::kTrack:
      return {"event", catalog.find_event(record.subject) != nullptr};
    case Kind::kAddToList:
    case Kind::kRemoveFromList:
      return with_id("list", catalog.find_list(record.subject));
    case Kind::kSubscribe:
    case Kind::kUnsubscribe:
      return with_id("message type", catalog.find_message_type(record.subject));
    // Nobody waits for a call whose journey is gone, and it ends for that; fields of the profile
    // go under the names that they have at Iterable.
    case Kind::kCall:
    case Kind::kUpdate:
    case Kind::kForward:
      break;
  }
  return {};
}

}  // namespace

// Somebody inside keeps the version in the program; a message of a journey that was completed does
// not.
std::optional<TurnOutbox::Missing> TurnOutbox::what_is_missing(const DeliveryRecord& record) const {
  if (record.enrollment_then && context_.program.find(record.version) == nullptr) {
    return Missing{"edited",
                   fmt::format("the journey `{}` was edited since: only the text that the "
                               "person went through can send it",
                               record.journey)};
  }
  const Subject subject = subject_of(record, context_.program);
  if (subject.declared && subject.has_id) return std::nullopt;
  return Missing{
      subject.declared ? "no_id" : "undeclared",
      fmt::format("the {} `{}` {} any more: put it back, restart, and send it again", subject.what,
                  record.subject, subject.declared ? "has no id" : "is not declared")};
}

void TurnOutbox::give_up(UserState& user, Work& work, const Missing& missing) {
  const bool is_message = work.record.kind == Kind::kMessage;
  // A rule of the journey had ended it before its campaign went.
  const bool left = is_message && !work.record.in_doubt && !goes_on(user, work.record);
  if (left) return end_unsent(user, work, "exited", false);
  record_.output.notes.push_back(
      {"undeliverable", fmt::format("key={} {}", work.key.message.hex(), missing.advice)});
  if (work.record.parked) unpark(work, missing.reason);
  const bool may_have_arrived = is_message && work.record.in_doubt;
  keep_letter(user, work, may_have_arrived ? DeliveryState::kInDoubt : DeliveryState::kRefused,
              missing.reason, missing.advice);
  end_unsent(user, work, missing.reason, false);
}

// What its message says is made of it, and it may run to its end before the message is sent again.
void TurnOutbox::keep_enrollment(UserState& user, DeliveryRecord& record) const {
  const Seat* seat = user.find_seat(record.enrollment);
  if (record.kind != Kind::kMessage || seat == nullptr) return;
  record.enrollment_then = EnrollmentThen{record_.now, seat->enrollment.unit,
                                          engine::encode(seat->enrollment, seat->journey->numbers)};
}

void TurnOutbox::keep_letter(UserState& user, const Work& work, DeliveryState state,
                             std::string_view reason, std::string_view answer) {
  DeadLetter letter;
  letter.key = work.key;
  letter.record = work.record;
  keep_enrollment(user, letter.record);
  letter.state = state;
  letter.since = record_.now;
  letter.reason = reason;
  letter.answer = kept_answer(answer);
  context_.letters.add(std::move(letter), record_);
}

void TurnOutbox::send_again(UserState& user, const store::DeliveryKey& key, DeliveryRecord record) {
  if (record.kind == Kind::kMessage) {
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

base::Result<bool> TurnOutbox::drop(const store::Delivery& delivery) {
  constexpr std::string_view kDropped = "dropped";
  auto found = still_planned(delivery);
  if (!found) return tl::unexpected(found.error());
  if (*found == nullptr) return false;
  Work& work = **found;
  if (work.record.kind == Kind::kForward) {
    end_forward(work, kDropped);
    return true;
  }
  UserState* user = users_.must_find(work.key.user);
  if (user == nullptr) return false;
  if (work.record.parked) unpark(work, kDropped);
  if (work.record.kind == Kind::kCall) {
    end_call(*user, work, kDropped);
  } else {
    end_unsent(*user, work, kDropped, false);
  }
  return true;
}

std::string_view TurnOutbox::ended_as(const store::DeliveryKey& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::string_view() : found->second->ended_as;
}

bool TurnOutbox::goes_on(UserState& user, const DeliveryRecord& message) {
  if (user.find_seat(message.enrollment) != nullptr) return true;
  const auto& then = message.enrollment_then;
  return then && user.has_completed(then->unit, message.enrollment, then->at);
}

std::optional<engine::SendAgain> TurnOutbox::again(const Work& work) {
  const DeliveryRecord& record = work.record;
  if (!record.sent_again || !record.last_chance) return std::nullopt;
  return engine::SendAgain{record.planned_at, *record.last_chance};
}

}  // namespace sojourn::runtime
