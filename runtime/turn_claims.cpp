// The part of TurnOutbox that is about what leaves: in which order, whether it still may, and the
// request that it makes, from what holds at that moment.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "base/check.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "engine/advance.h"
#include "engine/enrollment_fit.h"
#include "engine/send_policy.h"
#include "runtime/counter_names.h"
#include "runtime/delivery_endpoint.h"
#include "runtime/fan_out_book.h"
#include "runtime/membership_request.h"
#include "runtime/operation_book.h"
#include "runtime/outbox_window.h"
#include "runtime/outgoing_fields.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {

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

void TurnOutbox::claim(Work& work) {
  if (work.state != Work::State::kPlanned) return;
  // Held back a moment ago: it has its place.
  if (work.next_attempt == kHeldBack) return;
  if (work.record.kind == DeliveryRecord::Kind::kForward) return claim_forward(work);
  UserState* user = users_.must_find(work.key.user);
  if (user == nullptr) return;
  if (const auto missing = what_is_missing(work.record)) return give_up(*user, work, *missing);
  if (work.record.parked) return claim_look_up(work);
  if (work.record.in_doubt) {
    work.record.kind = what_holds(work.record, *user, context_.program.catalog());
  }
  if (hold(work) || wait_for_event(work)) return;
  if (work.record.kind == DeliveryRecord::Kind::kCall) return claim_call(work);
  rest_if_too_many_parked(endpoint_of(work.record, context_.program));
  if (wait_for_lane(work)) return keep_deadline(*user, work);
  if (wait_for_change(work)) return;
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
    case DeliveryRecord::Kind::kForward:
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
  const auto then = engine::read_enrollment(record.enrollment_then->body, user.id().packed(),
                                            record.enrollment, journey->graph, journey->numbers);
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

connectors::Recipient TurnOutbox::recipient(const UserState& user) const {
  return recipient_of(user, context_.settings.identity);
}

bool TurnOutbox::end_if_barred(UserState& user, Work& work, const connectors::Recipient& who) {
  const bool has_address = !who.address().empty();
  if (has_address && context_.settings.only_to.allowed(who.email)) return false;
  end_unsent(user, work, has_address ? "only_to" : "no_address", !has_address);
  return true;
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
  command.recipient = recipient(user);
  auto& leaves = std::get<engine::SendNow>(decided);
  work.record.last_chance = leaves.last_chance;
  command.data = std::move(leaves.data);
  command.carried = carried_fields(user, record_.now, context_.settings.carry_for);
  command.message_key = work.key.message;
  if (end_if_barred(user, work, command.recipient)) return;
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
  command.user = recipient(user);
  // The values of this moment. As no two updates of one user are under way at a time, the last that
  // arrives has the newest: one that is tried again has them, too, and so takes nothing back.
  for (const std::string& name : work.record.names) {
    const ProfileField* field = user.head().find(name);
    command.fields.emplace_back(name, field == nullptr ? graph::Value() : field->value);
  }
  if (end_if_barred(user, work, command.user)) return;
  auto request = connectors::iterable::users_update(command);
  if (!request) return end_unsent(user, work, "no_change", false);
  hand_out(user, work, std::move(*request));
}

void TurnOutbox::claim_track(UserState& user, Work& work) {
  if (too_late(work)) return end_unsent(user, work, kLate, false);
  const graph::EventType* event = context_.program.catalog().find_event(work.record.subject);
  SOJOURN_CHECK(event != nullptr, "what has gone from the program is given up");
  connectors::iterable::TrackCommand command;
  command.user = recipient(user);
  command.wire_name = event->wire_name;
  command.fields = work.record.fields;
  command.created_at = work.record.planned_at;
  command.message_key = work.key.message;
  if (end_if_barred(user, work, command.user)) return;
  hand_out(user, work, connectors::iterable::events_track(command));
}

void TurnOutbox::claim_membership(UserState& user, Work& work) {
  if (may_expire(work) && too_late(work)) return end_unsent(user, work, kLate, false);
  const connectors::Recipient who = recipient(user);
  if (end_if_barred(user, work, who)) return;
  auto request = membership_request(work.record, user, who, context_.program.catalog());
  if (!request) return end_unsent(user, work, request.error(), false);
  hand_out(user, work, std::move(*request));
}

void TurnOutbox::hand_out(const UserState& user, Work& work, connectors::HttpRequest request) {
  const Endpoint endpoint = endpoint_of(work.record, context_.program);
  context_.window.lane(endpoint).claim(record_.now);
  note_change(work, endpoint);
  count_claim(work);
  record_.output.outgoing.push_back(Outgoing{
      work.key, work.record.attempts, endpoint, just_updated(user), std::move(request), {}, {}});
}

void TurnOutbox::count_claim(Work& work) {
  ++work.record.attempts;
  work.state = Work::State::kClaimed;
  work.changed = true;
}

bool TurnOutbox::just_updated(const UserState& user) const {
  return !carried_fields(user, record_.now, context_.settings.carry_for).empty();
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

}  // namespace sojourn::runtime
