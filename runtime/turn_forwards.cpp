// The part of TurnOutbox that is about requests of senders that go on to Iterable, and about what
// was said of somebody before they appeared. Those of one user leave one after another, in the
// order in which they came: the first of them is planned or claimed, all others are held back until
// it has ended, in the same commit. Nothing else than the endpoint's limits keeps them; and they do
// not need their user, who may have been erased.
#include <fmt/format.h>
#include <tuple>
#include <utility>

#include "base/random.h"
#include "connectors/backoff.h"
#include "connectors/iterable/passed_on.h"
#include "runtime/counter_names.h"
#include "runtime/dead_letter.h"
#include "runtime/dead_letter_book.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/erasing_forward.h"
#include "runtime/operation_record.h"
#include "runtime/outbox_window.h"
#include "runtime/outcome_words.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_state.h"
#include "runtime/washing.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;

// Of one request, each of which may have been taken; after the last of them it is given up, and
// kept for the operator.
constexpr std::uint32_t kMostLostAnswers = 5;

// Of an erasure, Iterable's words may name whom it is about.
std::string_view kept_words(const DeliveryRecord& record, const connectors::Outcome& outcome) {
  return is_erasing(record.subject) ? std::string_view() : std::string_view(outcome.message);
}

// Never the same twice: no commit has the number of another.
base::Hash128 key_of(std::string_view project, store::UserId user, const DeliveryRecord& record) {
  return base::stable_hash128(
      fmt::format("{} forward {} {} {}", project, user.packed(), record.planned_by, record.place));
}

}  // namespace

void TurnOutbox::forward(store::UserId user, IntakeForward request) {
  DeliveryRecord record;
  record.kind = DeliveryRecord::Kind::kForward;
  record.subject = std::move(request.path);
  record.body = std::move(request.body);
  record.planned_by = context_.store.sequence() + 1;
  record.place = ++forwarded_;
  const store::DeliveryKey key{user, key_of(context_.program.project(), user, record)};
  plan_forward(key, std::move(record));
}

// Behind those that wait, which may build on what came between.
void TurnOutbox::forward_again(const store::DeliveryKey& key, DeliveryRecord record) {
  record.planned_by = context_.store.sequence() + 1;
  record.place = ++forwarded_;
  plan_forward(key, std::move(record));
}

void TurnOutbox::plan_forward(const store::DeliveryKey& key, DeliveryRecord record) {
  std::vector<Work*>& waiting = forwards_of(key.user);
  record.planned_at = record_.now;
  Work work;
  work.key = key;
  work.record = std::move(record);
  work.changed = true;
  work.next_attempt = kHeldBack;
  record_.count(kForwardsWaiting);
  waiting.push_back(&add(std::move(work)));
  let_next_forward_go(key.user);
}

// All of the user's, this turn's included; some have ended in it.
std::vector<TurnOutbox::Work*>& TurnOutbox::forwards_of(store::UserId user) {
  const auto [place, is_new] = forwards_.try_emplace(user.packed());
  std::vector<Work*>& found = place->second;
  if (!is_new) return found;
  auto stored = context_.store.deliveries_of(user);
  if (!stored) {
    status_ = tl::unexpected(stored.error());
    return found;
  }
  for (const store::Delivery& delivery : *stored) {
    auto work = stored_forward(delivery);
    if (!work) {
      status_ = tl::unexpected(work.error());
      return found;
    }
    if (*work != nullptr) found.push_back(*work);
  }
  return found;
}

// Null: it is no such request.
base::Result<TurnOutbox::Work*> TurnOutbox::stored_forward(const store::Delivery& delivery) {
  const auto is_one = [](const Work& work) {
    return work.record.kind == DeliveryRecord::Kind::kForward;
  };
  if (const auto known = by_key_.find(delivery.key); known != by_key_.end()) {
    return is_one(*known->second) ? known->second : nullptr;
  }
  auto record = decode_delivery(delivery.body);
  if (!record) return tl::unexpected(record.error());
  if (record->kind != DeliveryRecord::Kind::kForward) return nullptr;
  // Under way since an earlier turn: it goes back to those that wait for their outcome.
  if (!delivery.next_attempt) {
    if (Work* work = claimed(delivery.key)) return work;
  }
  Work work;
  work.key = delivery.key;
  work.record = std::move(*record);
  work.stored = true;
  work.state = delivery.next_attempt ? Work::State::kPlanned : Work::State::kClaimed;
  work.next_attempt = delivery.next_attempt.value_or(record_.now);
  work.lane = delivery.lane;
  return &add(std::move(work));
}

// The first, unless one is on its way already.
void TurnOutbox::let_next_forward_go(store::UserId user) {
  Work* next = nullptr;
  for (Work* work : forwards_of(user)) {
    if (work->state == Work::State::kGone) continue;
    const bool is_held = work->state == Work::State::kPlanned && work->next_attempt == kHeldBack;
    if (!is_held) return;
    const auto place = [](const Work& of) {
      return std::tuple(of.record.planned_by, of.record.place);
    };
    if (next == nullptr || place(*work) < place(*next)) next = work;
  }
  if (next == nullptr) return;
  plan_again(*next, record_.now);
  to_claim_.push_back(next);
}

void TurnOutbox::claim_forward(Work& work) {
  if (wait_for_lane(work) || wait_for_change(work)) return;
  const Endpoint endpoint = endpoint_of(work.record, context_.program);
  context_.window.lane(endpoint).claim(record_.now);
  note_change(work, endpoint);
  count_claim(work);
  // What created the user may be on its way within Iterable.
  const bool just_came = record_.now - work.record.planned_at < context_.settings.carry_for;
  record_.output.outgoing.push_back(
      Outgoing{work.key,
               work.record.attempts,
               endpoint,
               just_came,
               forwarded_request(work.record.subject, work.record.body),
               {},
               {},
               connectors::iterable::passed_on(work.record.subject, work.record.body)});
}

void TurnOutbox::forward_ended(Work& work, const AttemptEnded& ended) {
  if (is_hollow(work.record)) return end_forward(work, "erased");
  const connectors::Outcome& outcome = ended.outcome;
  switch (outcome.kind) {
    case OutcomeKind::kAccepted:
      return end_forward(work, "accepted");
    case OutcomeKind::kRejected:
      return forward_refused(work, ended);
    case OutcomeKind::kRetry:
      return forward_again_later(work, ended);
    case OutcomeKind::kUnknown:
      return forward_in_doubt(work, ended);
    case OutcomeKind::kHalt:
      return halt(work, ended);
  }
}

// After an answer that was lost, it may be refused because the first was taken.
void TurnOutbox::forward_refused(Work& work, const AttemptEnded& ended) {
  const connectors::Outcome& outcome = ended.outcome;
  const bool may_be_taken = work.record.in_doubt;
  const std::string_view words = kept_words(work.record, outcome);
  record_.output.notes.push_back(
      {"rejected", fmt::format("key={} subject={} reason={} {}", work.key.message.hex(),
                               work.record.subject, outcome.reason, told(outcome))});
  context_.letters.add(
      {work.key, work.record, may_be_taken ? DeliveryState::kInDoubt : DeliveryState::kRefused,
       record_.now, std::string(outcome.reason), kept_answer(words)},
      record_);
  end_forward(work, may_be_taken ? "unknown" : "refused");
}

// Nothing lists what was passed on. It is tried again as a message that cannot be looked up is: at
// least once, and told of; but not for ever.
void TurnOutbox::forward_in_doubt(Work& work, const AttemptEnded& ended) {
  DeliveryRecord& record = work.record;
  record.in_doubt = true;
  if (!record.doubt) record.doubt = Doubt{.from = record_.now};
  const std::string_view words = kept_words(record, ended.outcome);
  const std::string detail =
      fmt::format("key={} endpoint={} subject={} attempt={} {}", work.key.message.hex(),
                  to_string(ended.endpoint), record.subject, ended.attempt, told(ended.outcome));
  record_.count(counter_name({"in_doubt", to_string(ended.endpoint)}));
  record_.output.notes.push_back({"in_doubt", detail});
  if (++record.doubt->attempts >= kMostLostAnswers) {
    context_.letters.add({work.key, record, DeliveryState::kInDoubt, record_.now,
                          std::string(ended.outcome.reason), kept_answer(words)},
                         record_);
    return end_forward(work, "unknown");
  }
  if (!connectors::iterable::refuses_repeat(record.subject)) {
    record_.count(counter_name({"may_be_doubled", to_string(ended.endpoint)}));
    record_.output.notes.push_back({"may_be_doubled", detail});
  }
  forward_again_later(work, ended);
}

void TurnOutbox::forward_again_later(Work& work, const AttemptEnded& ended) {
  const auto wait =
      connectors::backoff(work.record.attempts, context_.random.next(), ended.outcome.retry_after);
  if (ended.outcome.retry_after) keep_away(ended.endpoint, *ended.outcome.retry_after);
  plan_again(work, record_.now + wait);
}

void TurnOutbox::end_forward(Work& work, std::string_view how) {
  work.state = Work::State::kGone;
  work.changed = true;
  if (how != "accepted") work.ended_as = how;
  record_.count(counter_name({"forwards", how}));
  record_.count(kForwardsWaiting, -1);
  // It named whom it was about.
  if (is_erasing(work.record.subject)) record_.count(kToWash);
  let_next_forward_go(work.key.user);
}

}  // namespace sojourn::runtime
