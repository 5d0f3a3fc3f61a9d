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

// Until when a call stays away from a host that has no room. A share of its age, so that
// one that waits long looks seldom; spread, so that not all look at once.
base::Millis stay_away(base::Millis age, std::uint64_t random) {
  constexpr std::int64_t kLeast = 50;
  constexpr std::int64_t kMost = 5'000;
  const std::int64_t middle = std::clamp(age.count / 2, kLeast, kMost);
  return base::Millis{middle / 2 +
                      static_cast<std::int64_t>(random % static_cast<std::uint64_t>(middle))};
}

}  // namespace

void TurnOutbox::claim_call(Work& work) {
  UserState* user = users_.find(work.key.user);
  SOJOURN_CHECK(user != nullptr, "a delivery's user is loaded");
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
  Lane& lane = lane_of(work.record);
  // The process is about to end: the row stays as it is.
  if (lane.shut_until() == base::kNever) return;
  const base::Millis age = record_.now - work.record.planned_at;
  const base::Instant later = record_.now + stay_away(age, context_.random.next());
  const auto put_off = lane.put_off_until(record_.now, context_.random);
  const base::Instant at = std::max(put_off.value_or(later), later);
  if (at >= open_until) return end_call(user, work, "busy");
  plan_again(work, at);
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
  progressed_ = true;
  record_.count(counter_name({"calls", work.record.subject, reason}));
  log(user, work, LogRecord::Kind::kCallEnded,
      message.empty() ? std::string(reason) : fmt::format("{}: {}", reason, message));
  runner_.call_ended(user, work.record, std::nullopt);
}

}  // namespace sojourn::runtime
