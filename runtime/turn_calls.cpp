// The part of TurnOutbox that is about calls of webhooks. A call is wanted as long as its
// enrollment waits for it: before each attempt that is asked again, and an answer for
// which nobody waits is logged and changes nothing.
#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/check.h"
#include "base/random.h"
#include "connectors/backoff.h"
#include "connectors/recipient.h"
#include "runtime/call_window.h"
#include "runtime/counter_names.h"
#include "runtime/outgoing_fields.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;

// Somebody waits for the answer, so attempts come closer than a message's.
constexpr connectors::BackoffPolicy kCallBackoff{
    .base = base::Millis{200}, .cap = base::seconds(10), .retry_after_cap = base::minutes(5)};

// One that finds no room by so long before its step goes on is not made any more.
constexpr base::Millis kTooShort{50};

}  // namespace

void TurnOutbox::claim_call(Work& work) {
  UserState* user = users_.must_find(work.key.user);
  if (user == nullptr) return;
  runner_.send_out(*user);
  const auto open_until = runner_.call_open_until(*user, work.record);
  if (!open_until || *open_until <= record_.now) return end_call(*user, work, kLeft);
  if (!context_.settings.only_to.allowed(recipient(*user).email)) {
    return end_call(*user, work, "only_to");
  }
  if (!lane_of(work.record).open(record_.now)) {
    return wait_for_room(*user, work, *open_until);
  }
  const graph::Webhook* webhook = context_.program.catalog().find_webhook(work.record.subject);
  SOJOURN_CHECK(webhook != nullptr, "a verified program calls only declared webhooks");
  auto request = connectors::webhook::request(*webhook, work.key.message, work.record.fields);
  if (request.body.size() > connectors::webhook::kMaxRequestBytes) {
    return end_call(*user, work, "too_large");
  }
  log(*user, work, LogRecord::Kind::kCalled, work.key.message.hex());
  lane_of(work.record).claim(record_.now);
  count_claim(work);
  Outgoing out;
  out.key = work.key;
  out.attempt = work.record.attempts;
  out.call = std::move(request);
  record_.output.outgoing.push_back(std::move(out));
}

void TurnOutbox::wait_for_room(UserState& user, Work& work, base::Instant open_until) {
  const Lane& lane = lane_of(work.record);
  // The process is about to end: the row stays as it is.
  if (lane.shut_until() == base::kNever) return;
  if (std::max(lane.shut_until(), record_.now + kTooShort) >= open_until) {
    return end_call(user, work, "busy");
  }
  come_back_before(work, open_until);
}

// So that the person need not wait for the host when it goes on.
void TurnOutbox::come_back_before(Work& work, base::Instant open_until) {
  const base::Instant deadline = std::max(work.next_attempt, open_until - kTooShort);
  const bool stays = work.deadline == deadline && work.lane == lane_number_of(work.record);
  if (stays) return;
  work.deadline = deadline;
  work.changed = true;
}

void TurnOutbox::call_outcome(UserState& user, Work& work, const AttemptEnded& ended) {
  const connectors::Outcome& outcome = ended.outcome;
  if (outcome.kind == OutcomeKind::kAccepted) return call_answered(user, work, ended);
  if (outcome.retry_after) {
    lane_of(work.record)
        .pause(record_.now + std::min(*outcome.retry_after, kCallBackoff.retry_after_cap));
  }
  const auto open_until = runner_.call_open_until(user, work.record);
  if (!open_until) return end_call(user, work, kLeft);
  const base::Instant at =
      record_.now + connectors::backoff(work.record.attempts, context_.random.next(),
                                        outcome.retry_after, kCallBackoff);
  // Nobody will wait any more by then: the person need not either.
  if (outcome.kind != OutcomeKind::kRetry || at >= *open_until) {
    return end_call(user, work, outcome.reason, outcome.message);
  }
  log(user, work, LogRecord::Kind::kRetried,
      fmt::format("{}: {}", outcome.reason, outcome.message));
  plan_again(work, at);
  come_back_before(work, *open_until);
}

void TurnOutbox::call_answered(UserState& user, Work& work, const AttemptEnded& ended) {
  SOJOURN_CHECK(ended.reply.has_value(), "an answer that was taken has been read");
  const bool wanted = runner_.call_open_until(user, work.record).has_value();
  work.state = Work::State::kGone;
  work.changed = true;
  record_.count(
      counter_name({"calls", work.record.subject, wanted ? "answered" : "answered_late"}));
  log(user, work, wanted ? LogRecord::Kind::kAnswered : LogRecord::Kind::kAnsweredLate, {});
  if (wanted) runner_.call_ended(user, work.record, ended.reply);
}

void TurnOutbox::end_call(UserState& user, Work& work, std::string_view reason,
                          std::string_view message) {
  work.state = Work::State::kGone;
  work.changed = true;
  record_.count(counter_name({"calls", work.record.subject, reason}));
  log(user, work, LogRecord::Kind::kCallEnded,
      message.empty() ? std::string(reason) : fmt::format("{}: {}", reason, message));
  runner_.call_ended(user, work.record, std::nullopt);
}

}  // namespace sojourn::runtime
