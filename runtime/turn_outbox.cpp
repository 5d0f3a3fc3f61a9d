#include "runtime/turn_outbox.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/random.h"
#include "connectors/backoff.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "engine/advance.h"
#include "engine/enrollment_codec.h"
#include "engine/send_policy.h"
#include "runtime/call_window.h"
#include "runtime/counter_names.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/fan_out_book.h"
#include "runtime/membership_request.h"
#include "runtime/operation_book.h"
#include "runtime/outbox_window.h"
#include "runtime/outgoing_fields.h"
#include "runtime/program.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;

std::string_view counter_family(DeliveryRecord::Kind kind) {
  switch (kind) {
    case DeliveryRecord::Kind::kMessage:
    case DeliveryRecord::Kind::kCall:
      break;
    case DeliveryRecord::Kind::kUpdate:
      return "updates";
    case DeliveryRecord::Kind::kTrack:
      return "tracks";
    case DeliveryRecord::Kind::kAddToList:
    case DeliveryRecord::Kind::kRemoveFromList:
      return "list_changes";
    case DeliveryRecord::Kind::kSubscribe:
    case DeliveryRecord::Kind::kUnsubscribe:
      return "subscription_changes";
  }
  return "messages";
}

}  // namespace

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
  return &add(std::move(work));
}

base::Result<bool> TurnOutbox::take_due(const store::Delivery& delivery) {
  auto work = add_planned(delivery);
  if (!work) return tl::unexpected(work.error());
  if (wait_for_release(**work)) return false;
  // Whether a call is still wanted, only its user says; and who is told that it is too late.
  const bool asks_user =
      (*work)->record.kind == DeliveryRecord::Kind::kCall || past_known_deadline(**work);
  if (!asks_user && wait_for_lane(**work) && (*work)->next_attempt > record_.now) {
    come_back_by_deadline(**work);
    return false;
  }
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

// By priority, then by when the message was first wanted, then by the journey's name. One
// enrollment waits with one message.
bool TurnOutbox::goes_first(const Work& a, const Work& b) const {
  const auto rank = [&](const Work& work) {
    const Journey* journey = context_.program.find(work.record.version);
    return journey == nullptr ? graph::Priority::kNormal : journey->graph.priority;
  };
  const graph::Priority first = rank(a);
  const graph::Priority second = rank(b);
  if (first != second) return first > second;
  return std::tie(a.record.planned_at, a.record.journey, a.record.enrollment) <
         std::tie(b.record.planned_at, b.record.journey, b.record.enrollment);
}

void TurnOutbox::order_queues() {
  if (context_.program.catalog().sending.caps.empty()) return;
  std::map<store::UserId, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < to_claim_.size(); ++i) {
    if (to_claim_[i]->record.kind != DeliveryRecord::Kind::kMessage) continue;
    places[to_claim_[i]->key.user].push_back(i);
  }
  for (const auto& [user, queue] : places) {
    if (queue.size() < 2) continue;
    std::vector<Work*> works;
    for (const std::size_t place : queue) works.push_back(to_claim_[place]);
    std::stable_sort(works.begin(), works.end(),
                     [&](const Work* a, const Work* b) { return goes_first(*a, *b); });
    for (std::size_t i = 0; i < queue.size(); ++i) to_claim_[queue[i]] = works[i];
  }
}

void TurnOutbox::claim_all() {
  order_queues();
  while (!to_claim_.empty()) {
    Work& work = *to_claim_.front();
    to_claim_.pop_front();
    claim(work);
  }
}

// An opt-out never waits.
bool TurnOutbox::hold(Work& work) {
  const std::string& journey = work.record.journey;
  if (work.record.kind == DeliveryRecord::Kind::kUnsubscribe) return false;
  if (!context_.operations.is_paused(journey)) return false;
  context_.operations.hold(journey, {work.key.user, work.key.message}, record_);
  plan_again(work, kHeldBack);
  return true;
}

// Its sender was told that we have it, so what it ends has ended. Each turn hands some out.
bool TurnOutbox::wait_for_event(Work& work) {
  const bool is_asked_for = work.record.kind == DeliveryRecord::Kind::kMessage ||
                            work.record.kind == DeliveryRecord::Kind::kCall;
  if (!is_asked_for || !context_.fan_outs.waits(work.key.user)) return false;
  plan_again(work, record_.now);
  return true;
}

base::Status TurnOutbox::take_released(const store::Delivery& delivery) {
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
  UserState* user = users_.find(work.key.user);
  SOJOURN_CHECK(user != nullptr, "a delivery's user is loaded");
  const bool was_sent_out = context_.operations.is_sending_out(work.record.journey) &&
                            user->find_seat(work.record.enrollment) == nullptr;
  if (!was_sent_out) return;
  if (work.record.kind == DeliveryRecord::Kind::kMessage) {
    end_unsent(*user, work, "exited", false);
  } else if (work.record.kind == DeliveryRecord::Kind::kCall) {
    end_call(*user, work, kLeft);
  }
}

void TurnOutbox::claim(Work& work) {
  if (work.state != Work::State::kPlanned) return;
  UserState* user = users_.find(work.key.user);
  SOJOURN_CHECK(user != nullptr, "a delivery's user is loaded");
  if (const auto missing = what_is_missing(work.record)) return give_up(*user, work, *missing);
  if (work.record.parked) return claim_look_up(work);
  if (hold(work) || wait_for_event(work)) return;
  if (work.record.kind == DeliveryRecord::Kind::kCall) return claim_call(work);
  rest_if_too_many_parked(endpoint_of(work.record, context_.program));
  if (wait_for_lane(work)) return keep_deadline(*user, work);
  switch (work.record.kind) {
    case DeliveryRecord::Kind::kMessage:
      return claim_message(*user, work);
    case DeliveryRecord::Kind::kUpdate:
      return claim_update(*user, work);
    case DeliveryRecord::Kind::kTrack:
      return claim_track(*user, work);
    case DeliveryRecord::Kind::kAddToList:
    case DeliveryRecord::Kind::kRemoveFromList:
    case DeliveryRecord::Kind::kSubscribe:
    case DeliveryRecord::Kind::kUnsubscribe:
      return claim_membership(*user, work);
    case DeliveryRecord::Kind::kCall:
      return;
  }
}

std::optional<engine::SendDecision> TurnOutbox::decide(UserState& user, const Work& work) {
  runner_.send_out(user);
  const DeliveryRecord& record = work.record;
  if (const Seat* seat = user.find_seat(record.enrollment)) {
    return decide(user, work, *seat->journey, seat->enrollment);
  }
  if (!goes_on(user, record)) return std::nullopt;
  const Journey* journey = context_.program.find(record.version);
  SOJOURN_CHECK(journey != nullptr, "what has gone from the program is given up");
  const auto then = engine::decode(record.enrollment_then->body, user.id().packed(),
                                   record.enrollment, journey->numbers);
  if (!then) {
    status_ = tl::unexpected(then.error());
    return std::nullopt;
  }
  return decide(user, work, *journey, *then);
}

engine::SendDecision TurnOutbox::decide(UserState& user, const Work& work, const Journey& journey,
                                        const engine::Enrollment& enrollment) {
  const graph::Campaign& campaign = context_.program.campaign(work.record.subject);
  const graph::MessageType* type =
      context_.program.catalog().find_message_type(campaign.message_type);
  SOJOURN_CHECK(type != nullptr && campaign.id, "a campaign that runs has a type and an id");
  const auto step = journey.numbers.step_of(work.record.step_number);
  SOJOURN_CHECK(step.has_value(), "a message's step is in the version its enrollment runs");
  engine::SendPolicy policy = engine::send_policy(user, campaign, *type);
  policy.rules = &context_.program.catalog().sending;
  policy.sent = user.sent();
  policy.key = work.key.message;
  policy.again = again(work);
  engine::Facts facts = user.facts(context_.zones);
  facts.clock = context_.operations.clock(work.record.journey, record_.now);
  return engine::decide_send(journey.graph, enrollment, *step, policy, facts, record_.now);
}

void TurnOutbox::claim_message(UserState& user, Work& work) {
  auto decision = decide(user, work);
  if (!decision) return end_unsent(user, work, "exited", false);
  engine::SendDecision& decided = *decision;
  const graph::Campaign& campaign = context_.program.campaign(work.record.subject);
  if (const auto* skipped = std::get_if<engine::SendSkipped>(&decided)) {
    return end_unsent(user, work, skipped->reason, skipped->unreachable, skipped->why);
  }
  if (const auto* deferred = std::get_if<engine::SendDeferred>(&decided)) {
    return defer(user, work, *deferred);
  }
  connectors::iterable::SendCommand command;
  command.medium = campaign.medium;
  command.campaign_id = *campaign.id;
  command.recipient = recipient_of(user);
  auto& leaves = std::get<engine::SendNow>(decided);
  work.record.last_chance = leaves.last_chance;
  command.data = std::move(leaves.data);
  command.carried = carried_fields(user, record_.now, context_.settings.carry_for);
  command.message_key = work.key.message;
  if (!context_.settings.only_to.allowed(command.recipient.email)) {
    return end_unsent(user, work, "only_to", false);
  }
  log(user, work, LogRecord::Kind::kClaimed, work.key.message.hex(), std::move(leaves.why));
  user.note_sent({work.key.message, record_.now, campaign.name,
                  graph::kind_of(campaign, *context_.program.catalog().find_message_type(
                                               campaign.message_type))});
  work.record.claimed_at = record_.now;
  work.record.medium = campaign.medium;
  hand_out(user, work, connectors::iterable::send(command));
}

void TurnOutbox::claim_update(UserState& user, Work& work) {
  if (too_late(work)) return end_unsent(user, work, kLate, false);
  connectors::iterable::UpdateCommand command;
  command.user = recipient_of(user);
  // The values of this moment, so that updates converge in whatever order they arrive.
  for (const std::string& name : work.record.names) {
    const ProfileField* field = user.head().find(name);
    command.fields.emplace_back(name, field == nullptr ? graph::Value() : field->value);
  }
  if (!context_.settings.only_to.allowed(command.user.email)) {
    return end_unsent(user, work, "only_to", false);
  }
  auto request = connectors::iterable::users_update(command);
  if (!request) return end_unsent(user, work, "no_change", false);
  hand_out(user, work, std::move(*request));
}

void TurnOutbox::claim_track(UserState& user, Work& work) {
  if (too_late(work)) return end_unsent(user, work, kLate, false);
  const graph::EventType* event = context_.program.catalog().find_event(work.record.subject);
  SOJOURN_CHECK(event != nullptr, "what has gone from the program is given up");
  connectors::iterable::TrackCommand command;
  command.user = recipient_of(user);
  command.wire_name = event->wire_name;
  command.fields = work.record.fields;
  command.created_at = work.record.planned_at;
  command.message_key = work.key.message;
  if (!context_.settings.only_to.allowed(command.user.email)) {
    return end_unsent(user, work, "only_to", false);
  }
  hand_out(user, work, connectors::iterable::events_track(command));
}

void TurnOutbox::claim_membership(UserState& user, Work& work) {
  if (may_expire(work) && too_late(work)) return end_unsent(user, work, kLate, false);
  if (!context_.settings.only_to.allowed(recipient_of(user).email)) {
    return end_unsent(user, work, "only_to", false);
  }
  auto request = membership_request(work.record, user, context_.program.catalog());
  if (!request) return end_unsent(user, work, request.error(), false);
  hand_out(user, work, std::move(*request));
}

void TurnOutbox::hand_out(const UserState& user, Work& work, connectors::HttpRequest request) {
  const Endpoint endpoint = endpoint_of(work.record, context_.program);
  context_.window.lane(endpoint).claim(record_.now);
  count_claim(work);
  record_.output.outgoing.push_back(Outgoing{
      work.key, work.record.attempts, endpoint, just_updated(user), std::move(request), {}, {}});
}

void TurnOutbox::count_claim(Work& work) {
  ++work.record.attempts;
  work.state = Work::State::kClaimed;
  work.changed = true;
  progressed_ = true;
}

bool TurnOutbox::just_updated(const UserState& user) const {
  return !carried_fields(user, record_.now, context_.settings.carry_for).empty();
}

void TurnOutbox::take_outcome(const AttemptEnded& ended) {
  leave_lane(ended);
  progressed_ = true;
  Work* found = claimed(ended.key);
  if (found == nullptr) return;
  Work& work = *found;
  if (work.state != Work::State::kClaimed || work.record.attempts != ended.attempt) return;
  UserState* user = users_.find(work.key.user);
  SOJOURN_CHECK(user != nullptr, "a delivery's user is loaded");
  const connectors::Outcome& outcome = ended.outcome;
  if (work.record.kind == DeliveryRecord::Kind::kCall) return call_outcome(*user, work, ended);
  if (work.record.parked) return looked_up(*user, work, ended);
  switch (outcome.kind) {
    case OutcomeKind::kAccepted:
      return accepted(*user, work);
    case OutcomeKind::kRejected:
      record_.output.notes.push_back(
          {"rejected", fmt::format("key={} subject={} reason={} {}", work.key.message.hex(),
                                   work.record.subject, outcome.reason, outcome.message)});
      keep_letter(*user, work, DeliveryState::kRefused, outcome.reason, outcome.message);
      return end_unsent(*user, work, "refused", outcome.unreachable);
    case OutcomeKind::kRetry:
      return retry(*user, work, ended);
    case OutcomeKind::kUnknown:
      return in_doubt(*user, work, ended);
    case OutcomeKind::kHalt:
      return halt(work, ended);
  }
}

void TurnOutbox::accepted(UserState& user, Work& work) {
  work.state = Work::State::kGone;
  work.changed = true;
  if (work.record.kind != DeliveryRecord::Kind::kMessage) {
    user.mark_accepted(work.record.names, work.record.planned_at, record_.now);
    record_.count(counter_name({counter_family(work.record.kind), "accepted"}));
    return;
  }
  record_.count(counter_name({"accepted", work.record.journey, work.record.subject}));
  log(user, work, LogRecord::Kind::kAccepted, work.key.message.hex());
  runner_.message_sent(user, work.record, work.key.message);
  runner_.message_ended(user, work.record, engine::DeliveryEnded::Result::kAccepted, {});
}

void TurnOutbox::end_unsent(UserState& user, Work& work, std::string_view reason, bool unreachable,
                            engine::Reason why) {
  // Never tried: rules kept it back, and there is nothing to mend.
  if (reason == kLate && work.record.attempts > 0) {
    keep_letter(user, work, DeliveryState::kLate, reason, {});
  }
  work.state = Work::State::kGone;
  work.changed = true;
  work.ended_as = reason;
  progressed_ = true;
  log(user, work, LogRecord::Kind::kSkipped, reason, std::move(why));
  if (work.record.kind != DeliveryRecord::Kind::kMessage) {
    record_.count(counter_name({counter_family(work.record.kind), reason}));
    return;
  }
  // What may have arrived keeps its place under a cap.
  if (!work.record.in_doubt) user.forget_sent(work.key.message);
  record_.count(counter_name({"skipped", work.record.journey, work.record.subject, reason}));
  runner_.message_ended(user, work.record,
                        unreachable ? engine::DeliveryEnded::Result::kUnreachable
                                    : engine::DeliveryEnded::Result::kSkipped,
                        reason);
}

void TurnOutbox::retry(UserState& user, Work& work, const AttemptEnded& ended) {
  const auto wait =
      connectors::backoff(work.record.attempts, context_.random.next(), ended.outcome.retry_after);
  if (ended.outcome.retry_after) keep_away(ended.endpoint, *ended.outcome.retry_after);
  log(user, work, LogRecord::Kind::kRetried,
      fmt::format("{}: {}", ended.outcome.reason, ended.outcome.message));
  plan_again(work, record_.now + wait);
}

void TurnOutbox::halt(Work& work, const AttemptEnded& ended) {
  const base::Instant until = record_.now + context_.settings.halt_pause;
  context_.window.pause_all(until);
  record_.output.notes.push_back(
      {"halted", fmt::format("nothing leaves before {}: {} {}", base::to_iso8601(until),
                             ended.outcome.reason, ended.outcome.message)});
  plan_again(work, until);
}

void TurnOutbox::defer(UserState& user, Work& work, const engine::SendDeferred& deferred) {
  record_.count(
      counter_name({"deferred", work.record.journey, work.record.subject, deferred.reason}));
  log(user, work, LogRecord::Kind::kDeferred,
      fmt::format("until {} by {}", base::to_iso8601(deferred.until), deferred.reason),
      deferred.why, deferred.until);
  work.record.last_chance = deferred.last_chance;
  plan_again(work, deferred.until);
}

void TurnOutbox::plan_again(Work& work, base::Instant at) {
  work.state = Work::State::kPlanned;
  work.next_attempt = at;
  work.changed = true;
  progressed_ = true;
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
    if (work->state == Work::State::kPlanned) delivery.next_attempt = work->next_attempt;
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
  works_.clear();
}

}  // namespace sojourn::runtime
