// The part of TurnOutbox that is about how attempts end, and deliveries with them.
#include <fmt/format.h>
#include <utility>

#include "base/random.h"
#include "connectors/backoff.h"
#include "runtime/counter_names.h"
#include "runtime/outbox_window.h"
#include "runtime/outcome_words.h"
#include "runtime/turn_outbox.h"
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
    case DeliveryRecord::Kind::kForward:
      return "forwards";
  }
  return "messages";
}

}  // namespace

void TurnOutbox::take_outcome(const AttemptEnded& ended) {
  leave_lane(ended);
  let_changes_go(ended.key);
  Work* found = claimed(ended.key);
  if (found == nullptr) return;
  Work& work = *found;
  if (work.state != Work::State::kClaimed || work.record.attempts != ended.attempt) return;
  if (work.record.kind == DeliveryRecord::Kind::kForward) return forward_ended(work, ended);
  UserState* user = users_.must_find(work.key.user);
  if (user == nullptr) return;
  const connectors::Outcome& outcome = ended.outcome;
  if (work.record.kind == DeliveryRecord::Kind::kCall) return call_outcome(*user, work, ended);
  if (work.record.parked) return looked_up(*user, work, ended);
  switch (outcome.kind) {
    case OutcomeKind::kAccepted:
      return accepted(*user, work);
    case OutcomeKind::kRejected:
      record_.output.notes.push_back(
          {"rejected", fmt::format("key={} subject={} reason={} {}", work.key.message.hex(),
                                   work.record.subject, outcome.reason, told(outcome))});
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
                             ended.outcome.reason, told(ended.outcome))});
  plan_again(work, until);
}

}  // namespace sojourn::runtime
