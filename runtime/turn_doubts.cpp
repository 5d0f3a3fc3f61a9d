// The part of TurnOutbox that is about answers that never came. A message that may have
// arrived is parked: after a while Iterable is asked what it has sent to the user of the
// campaign, and only then is the message sent again, or given up.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/check.h"
#include "base/random.h"
#include "connectors/backoff.h"
#include "connectors/iterable/sent_messages.h"
#include "runtime/counter_names.h"
#include "runtime/dead_letter_book.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/doubt_book.h"
#include "runtime/other_sends.h"
#include "runtime/outbox_window.h"
#include "runtime/outcome_words.h"
#include "runtime/outgoing_fields.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {
namespace {

namespace iterable = connectors::iterable;

constexpr std::string_view kUnknown = "unknown";
// How a look-up is spared: a notice says what it would have.
constexpr std::string_view kTold = "told";

// Of a look-up that said nothing: until the next one.
constexpr connectors::BackoffPolicy kLookUpBackoff{
    .base = base::seconds(30), .cap = base::minutes(15), .retry_after_cap = base::hours(1)};

}  // namespace

bool TurnOutbox::is_at_most_once(const Work& work) const {
  return work.record.kind == DeliveryRecord::Kind::kMessage &&
         context_.program.campaign(work.record.subject).delivery ==
             graph::DeliveryMode::kAtMostOnce;
}

bool TurnOutbox::can_look_up(const Work& work) const {
  return iterable::can_look_up(context_.program.campaign(work.record.subject).medium);
}

// What is not listed may still be told of.
bool TurnOutbox::is_looked_up(const Work& work) const {
  return context_.settings.look_up_after.count > 0 &&
         work.record.kind == DeliveryRecord::Kind::kMessage &&
         (can_look_up(work) || context_.settings.has_notices);
}

base::Instant TurnOutbox::absent_from(const Work& work) const {
  return work.record.claimed_at.value_or(work.record.planned_at) + context_.settings.absent_after;
}

void TurnOutbox::in_doubt(UserState& user, Work& work, const AttemptEnded& ended) {
  record_.count(counter_name({"in_doubt", to_string(ended.endpoint)}));
  record_.output.notes.push_back(
      {"in_doubt", fmt::format("key={} endpoint={} attempt={} {}", work.key.message.hex(),
                               to_string(ended.endpoint), ended.attempt, told(ended.outcome))});
  log(user, work, LogRecord::Kind::kInDoubt, work.key.message.hex());
  work.record.in_doubt = true;
  if (const auto missing = what_is_missing(work.record)) return give_up(user, work, *missing);
  if (is_looked_up(work)) return park(work);
  if (is_at_most_once(work)) {
    keep_letter(user, work, DeliveryState::kInDoubt, ended.outcome.reason, ended.outcome.message);
    return end_unsent(user, work, kUnknown, false);
  }
  note_may_be_doubled(work, "impossible");
  retry(user, work, ended);
}

void TurnOutbox::note_may_be_doubled(const Work& work, std::string_view found) {
  const Endpoint endpoint = claimed_endpoint_of(work.record, context_.program);
  record_.count(counter_name({"may_be_doubled", to_string(endpoint)}));
  record_.output.notes.push_back(
      {"may_be_doubled", fmt::format("key={} endpoint={} look_up={}", work.key.message.hex(),
                                     to_string(endpoint), found)});
}

// So that every claim that ends in doubt finds room.
void TurnOutbox::rest_if_too_many_parked(Endpoint endpoint) {
  Lane& lane = context_.window.lane(endpoint);
  if (context_.doubts.has_room(endpoint, lane.in_flight()) || lane.shut_until() > record_.now) {
    return;
  }
  // Those under way may all be answered; then nobody needs to wait.
  if (context_.doubts.parked(endpoint) == 0) return;
  const base::Instant until = record_.now + context_.settings.parked_full_pause;
  lane.pause(until);
  record_.output.notes.push_back(
      {"too_many_parked",
       fmt::format("endpoint={} parked={} nothing leaves before {}", to_string(endpoint),
                   context_.doubts.parked(endpoint), base::to_iso8601(until))});
}

void TurnOutbox::park(Work& work) {
  DeliveryRecord& record = work.record;
  if (!record.doubt) record.doubt = Doubt{.from = record.claimed_at.value_or(record.planned_at)};
  ++record.doubt->attempts;
  record.doubt->look_ups = 0;
  record.parked = true;
  context_.doubts.park(claimed_endpoint_of(record, context_.program), record_);
  plan_again(work, record_.now + context_.settings.look_up_after);
}

void TurnOutbox::unpark(Work& work, std::string_view found) {
  const Endpoint endpoint = claimed_endpoint_of(work.record, context_.program);
  work.record.parked = false;
  if (context_.doubts.parked(endpoint) == 0) {
    status_ = base::failure(
        base::Error::Kind::kFatal,
        fmt::format("more messages to {} wait for a look-up than are counted", to_string(endpoint)),
        "the database is damaged: `sojourn fsck` says where");
    return;
  }
  context_.doubts.unpark(endpoint, record_);
  record_.count(counter_name({"look_ups", to_string(endpoint), found}));
}

// A claim as any other, but that it is no attempt: a question may be asked again.
void TurnOutbox::claim_look_up(Work& work) {
  UserState* user = users_.must_find(work.key.user);
  if (user == nullptr) return;
  if (!can_look_up(work)) {
    if (record_.now < absent_from(work)) return plan_again(work, absent_from(work));
    return leave_in_doubt(*user, work, "impossible", "nothing lists such messages");
  }
  if (wait_for_lane(work)) return;
  const connectors::Recipient who = recipient(*user);
  // The settings have changed since it was sent.
  if (who.address().empty()) {
    return leave_in_doubt(*user, work, "impossible", "the user has no userId");
  }
  const graph::Campaign& campaign = context_.program.campaign(work.record.subject);
  SOJOURN_CHECK(campaign.id.has_value(), "a campaign that runs has an id");
  iterable::LookUpCommand command{who, *campaign.id, work.record.doubt->from};
  constexpr Endpoint kEndpoint = Endpoint::kSentMessages;
  context_.window.lane(kEndpoint).claim(record_.now);
  work.state = Work::State::kClaimed;
  work.changed = true;
  record_.output.outgoing.push_back(Outgoing{work.key,
                                             work.record.attempts,
                                             kEndpoint,
                                             false,
                                             iterable::sent_messages(command),
                                             {},
                                             campaign.id});
}

void TurnOutbox::looked_up(UserState& user, Work& work, const AttemptEnded& ended) {
  // The process ended while it was asked.
  if (!ended.look_up) return plan_again(work, record_.now);
  const iterable::LookUp& found = *ended.look_up;
  if (found.retry_after) keep_away(ended.endpoint, *found.retry_after);
  switch (found.kind) {
    case iterable::LookUp::Kind::kListed:
      return judge(user, work, found.listed);
    case iterable::LookUp::Kind::kImpossible:
      return leave_in_doubt(user, work, "impossible", found.message);
    case iterable::LookUp::Kind::kFailed:
      break;
  }
  const std::uint32_t tried = ++work.record.doubt->look_ups;
  if (tried >= context_.settings.max_look_ups) {
    return leave_in_doubt(user, work, "no_answer", found.message);
  }
  log(user, work, LogRecord::Kind::kRetried, "look-up: " + found.message);
  plan_again(work, record_.now + connectors::backoff(tried, context_.random.next(),
                                                     found.retry_after, kLookUpBackoff));
}

// `listed` messages of the campaign, and those of ours that explain some of them.
void TurnOutbox::judge(UserState& user, Work& work, std::uint32_t listed) {
  const Doubt& doubt = *work.record.doubt;
  const base::Instant from{doubt.from.millis - iterable::kClockDifference.count};
  const auto others =
      other_sends(context_.store, work.key.user, work.record.subject, work.key.message, from);
  if (!others) {
    status_ = tl::unexpected(others.error());
    return;
  }
  if (listed == 0) {
    if (record_.now < absent_from(work)) {
      log(user, work, LogRecord::Kind::kRetried, "look-up: none is listed yet");
      return plan_again(work, absent_from(work));
    }
    // The list may lag behind: nothing is certain yet.
    if (is_at_most_once(work)) return leave_in_doubt(user, work, "not_taken", "none is listed");
    unpark(work, "not_taken");
    log(user, work, LogRecord::Kind::kLookedUp, "not taken");
    return plan_again(work, record_.now);
  }
  const bool is_ours = !others->uncertain && listed > others->accepted &&
                       listed <= others->accepted + doubt.attempts;
  if (!is_ours) {
    return leave_in_doubt(user, work, "unclear",
                          fmt::format("{} listed, {} explained", listed, others->accepted));
  }
  unpark(work, "taken");
  log(user, work, LogRecord::Kind::kLookedUp, "taken");
  accepted(user, work);
}

// Nothing more can be learned: the campaign says what is worse, twice or not at all.
void TurnOutbox::leave_in_doubt(UserState& user, Work& work, std::string_view found,
                                std::string_view message) {
  unpark(work, found);
  log(user, work, LogRecord::Kind::kLookedUp, found);
  if (is_at_most_once(work)) {
    keep_letter(user, work, DeliveryState::kInDoubt, found, message);
    return end_unsent(user, work, kUnknown, false);
  }
  note_may_be_doubled(work, found);
  plan_again(work, record_.now + connectors::backoff(work.record.attempts, context_.random.next(),
                                                     std::nullopt));
}

TurnOutbox::Work* TurnOutbox::tried(const UserState& user, const base::Hash128& message) {
  const store::DeliveryKey key{user.id(), message};
  Work* work = claimed(key);
  if (work == nullptr) {
    const auto deliveries = context_.store.deliveries_of(user.id());
    if (!deliveries) {
      status_ = tl::unexpected(deliveries.error());
      return nullptr;
    }
    const auto found = std::ranges::find(*deliveries, key, &store::Delivery::key);
    if (found == deliveries->end()) return nullptr;
    auto added = add_planned(*found);
    if (!added) {
      status_ = tl::unexpected(added.error());
      return nullptr;
    }
    work = *added;
  }
  const bool is_tried = work->state != Work::State::kGone && work->record.attempts > 0 &&
                        work->record.kind == DeliveryRecord::Kind::kMessage;
  return is_tried && !what_is_missing(work->record) ? work : nullptr;
}

void TurnOutbox::told_sent(UserState& user, const base::Hash128& message) {
  Work* work = tried(user, message);
  if (work == nullptr) return settle_letter(user, message);
  if (work->record.parked) unpark(*work, kTold);
  if (work->record.in_doubt) log(user, *work, LogRecord::Kind::kLookedUp, "told that it was sent");
  accepted(user, *work);
}

void TurnOutbox::told_not_sent(UserState& user, const base::Hash128& message,
                               std::string_view why) {
  Work* work = tried(user, message);
  if (work == nullptr) return;
  if (work->record.parked) unpark(*work, kTold);
  keep_letter(user, *work, DeliveryState::kRefused, "not_sent", why);
  end_unsent(user, *work, "refused", false);
}

// Whoever was to get it has gone on; what it counts for is made good.
void TurnOutbox::settle_letter(UserState& user, const base::Hash128& message) {
  if (!context_.letters.has(message)) return;
  DeliveryFilter filter;
  filter.keys = {message};
  filter.state = DeliveryState::kInDoubt;
  for (const std::uint64_t number : context_.letters.find(filter, 0)) {
    const DeadLetter& kept = context_.letters.at(number);
    if (kept.key.user != user.id() || what_is_missing(kept.record)) continue;
    const DeadLetter letter = context_.letters.take(number, record_);
    record_.count("dead_letters_gone/sent");
    Work told;
    told.key = letter.key;
    told.record = letter.record;
    log(user, told, LogRecord::Kind::kLookedUp, "told that it was sent");
    runner_.message_sent(user, letter.record, message);
  }
}

}  // namespace sojourn::runtime
