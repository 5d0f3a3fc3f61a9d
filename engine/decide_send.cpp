#include <algorithm>
#include <utility>

#include "engine/advance.h"
#include "engine/aim.h"
#include "engine/best_time.h"
#include "engine/evaluate.h"
#include "engine/exits.h"
#include "engine/freeze.h"
#include "engine/holdout.h"
#include "engine/reasons.h"
#include "engine/sending_rules.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

constexpr std::string_view kBestTime = "best_time";
constexpr std::string_view kNoConsent = "no_consent";
constexpr std::string_view kSuppressed = "suppressed";

bool is_empty(const graph::Value& v) {
  return v.is_missing() || (v.kind() == graph::Value::Kind::kString && v.as_string().empty());
}

// This person cannot be reached this way at all.
std::optional<SendSkipped> unreachable(const SendPolicy& policy, const ProfileView& profile) {
  if ((policy.needs_email && is_empty(profile.field("email"))) ||
      (policy.needs_phone && is_empty(profile.field("phoneNumber")))) {
    return SendSkipped{.reason = "no_address", .unreachable = true};
  }
  if (!policy.suppressed.empty()) {
    return SendSkipped{.reason = std::string(kSuppressed), .unreachable = true};
  }
  if (policy.consent_missing) {
    return SendSkipped{.reason = std::string(kNoConsent), .unreachable = true};
  }
  return std::nullopt;
}

// The message stands in this enrollment already, by this step or another.
bool is_repeat(const graph::Graph& graph, const Enrollment& enrollment, const graph::Send& send) {
  std::uint64_t times = 0;
  for (const SendCount& count : enrollment.sends) {
    if (count.step >= graph.steps.size()) continue;
    const auto* other = std::get_if<graph::Send>(&graph.steps[count.step].action);
    if (other != nullptr && other->campaign == send.campaign) times += count.times;
  }
  return times > 1;
}

// T of the `before` rungs that are being run: the last instant at which a message of
// theirs may leave.
base::Instant end_of_rungs(const Scope& scope, const Enrollment& enrollment) {
  base::Instant end = base::kNever;
  for (const ScheduleState& state : enrollment.schedules) {
    if (!state.running || state.step >= scope.graph.steps.size()) continue;
    const auto* step = std::get_if<graph::Schedule>(&scope.graph.steps[state.step].action);
    if (step == nullptr || *state.running >= step->rungs.size() ||
        !step->rungs[*state.running].before) {
      continue;
    }
    Scope then = scope;
    then.now = state.reached;
    if (const auto t = schedule_time(then, *step, state.reached)) end = std::min(end, *t);
  }
  return end;
}

// The last instant at which the message may leave: `within` includes its end, `before`
// does not.
base::Instant last_chance(const Scope& scope, const Enrollment& enrollment, const graph::Send& send,
                          const SendPolicy& policy) {
  // What ended it, a rung that has been left, say, cannot be asked any more.
  if (policy.again) return policy.again->last_chance;
  const base::Millis within = send.deadline.value_or(policy.deadline);
  base::Instant last =
      std::min(later(enrollment.arrived_at, within), end_of_rungs(scope, enrollment));
  if (send.before == graph::kNoExpr) return last;
  const graph::Value t = evaluate(scope, send.before);
  if (t.kind() == graph::Value::Kind::kTimestamp) {
    last = std::min(last, later(t.as_timestamp(), base::Millis{-1}));
  }
  return last;
}

// The message was wanted when its step was reached, so limits count from there.
SendCase case_of(const Scope& scope, const Enrollment& enrollment, const graph::Send& send,
                 const SendPolicy& policy) {
  static const graph::SendingRules kNone;
  const graph::SendingRules& rules = policy.rules == nullptr ? kNone : *policy.rules;
  SendCase asked{.key = policy.key,
                 .kind = policy.kind,
                 .caps = rules.caps,
                 .quiet = {},
                 .sent = policy.sent,
                 .zone = person_zone(scope),
                 .first_attempt = policy.again ? policy.again->wanted_at : enrollment.arrived_at,
                 .last_chance = last_chance(scope, enrollment, send, policy)};
  for (const graph::QuietHours& rule : rules.quiet) asked.quiet.push_back(&rule);
  if (scope.graph.quiet) asked.quiet.push_back(&*scope.graph.quiet);
  return asked;
}

// What `at best time` waits for comes before the rules, which are asked when it is there.
Leave ask_rules(const SendCase& asked, const Scope& scope, const graph::Send& send) {
  if (send.best_time && scope.now <= asked.last_chance) {
    const HourScores scores = score_hours(scope.history, asked.zone, scope.now);
    const base::Instant best = best_time(asked, scores, *send.best_time);
    if (best > scope.now) return LeaveLater{best, kBestTime};
  }
  return when_to_leave(asked, scope.now);
}

// What is missing now is there as missing: left out, a profile field of its name would show through
// in the template.
std::vector<graph::Field> message_data(const Scope& scope, const graph::Send& send) {
  if (send.data == graph::kNoExpr) return {};
  const graph::Value object = evaluate(scope, send.data);
  if (object.kind() != graph::Value::Kind::kObject) return {};
  return object.as_object();
}

Reason rule(std::string text) {
  return {bounded(std::move(text), kMaxRuleBytes), {}, {}};
}

// Which of the profile's fields say so.
Reason why_unreachable(const SendPolicy& policy, const ProfileView& profile,
                       std::string_view reason) {
  if (reason == kSuppressed) return rule("the provider cannot reach them: " + policy.suppressed);
  if (reason == kNoConsent) return rule("they are not subscribed to " + policy.kind.message_type);
  Reason why = rule("they have no address for it");
  if (policy.needs_email) add_fields({{"email", profile.field("email")}}, why);
  if (policy.needs_phone) add_fields({{"phoneNumber", profile.field("phoneNumber")}}, why);
  return why;
}

Reason why_exited(const Scope& scope, bool left) {
  const auto exit = left ? std::nullopt : exit_rule(scope);
  return exit ? reason_of_exit(scope, *exit) : rule("the enrollment has left the step");
}

// Why not now.
Reason why_not(const Scope& scope, const SendCase& asked, const Holder& holder,
               std::string_view by) {
  Reason why = reason_of_hold(scope, asked, holder, scope.now);
  if (by == kBestTime) {
    why = rule("at best time");
    why.zone = person_zone_used(scope);
  } else if (why.rule.empty()) {
    why = rule("it could leave until " + base::to_iso8601(asked.last_chance));
  }
  return why;
}

SendSkipped skipped(const Facts& facts, std::string reason, std::string_view why) {
  return {.reason = std::move(reason),
          .unreachable = false,
          .why = facts.explains ? rule(std::string(why)) : Reason()};
}

// What keeps the message from this person whatever the time.
std::optional<SendSkipped> kept_from(const graph::Graph& graph, const Enrollment& enrollment,
                                     const graph::Send& send, const SendPolicy& policy,
                                     const Facts& facts) {
  if (enrollment.measure.held_out) return skipped(facts, "holdout", "the holdout of the journey");
  if (policy.rules != nullptr && policy.kind.marketing &&
      is_held_out(*policy.rules, facts, enrollment.user)) {
    return skipped(facts, "holdout", "a holdout of the policy");
  }
  if (auto unreached = unreachable(policy, facts.profile)) {
    if (facts.explains) {
      unreached->why = why_unreachable(policy, facts.profile, unreached->reason);
    }
    return unreached;
  }
  if (!send.again && is_repeat(graph, enrollment, send)) {
    return skipped(facts, "repeated", "the enrollment has sent it before, and it is not `again`");
  }
  if (policy.once && was_sent(policy.sent, send.campaign, policy.key)) {
    return skipped(facts, "once", "the campaign is `once`, and they were sent it before");
  }
  return std::nullopt;
}

}  // namespace

SendDecision decide_send(const graph::Graph& graph, const Enrollment& enrollment,
                         graph::StepIndex step, const SendPolicy& policy, const Facts& facts,
                         base::Instant now) {
  const auto* send =
      step < graph.steps.size() ? std::get_if<graph::Send>(&graph.steps[step].action) : nullptr;
  const std::vector<HeldSince> held = held_with_clock_followed(enrollment, facts.clock);
  const Scope scope{.graph = graph,
                    .profile = facts.profile,
                    .zones = facts.zones,
                    .entry_fields = enrollment.entry_fields,
                    .entry_created_at = enrollment.entry_created_at,
                    .entered_at = enrollment.entered_at,
                    .locals = enrollment.locals,
                    .now = now,
                    .history = facts.history,
                    .entry_event = enrollment.entry_event,
                    .enrollment = enrollment.number,
                    .reached = enrollment.reached,
                    .held = held,
                    .memberships = facts.memberships};
  // A message that nobody waits for any more is one of an enrollment that left.
  const bool left =
      send == nullptr || enrollment.exit_reason || (enrollment.at != step && !policy.again);
  if (left || exit_rule(scope)) {
    return SendSkipped{.reason = "exited",
                       .why = facts.explains ? why_exited(scope, left) : Reason()};
  }
  if (auto kept = kept_from(graph, enrollment, *send, policy, facts)) return std::move(*kept);
  const SendCase asked = case_of(scope, enrollment, *send, policy);
  const Leave leave = ask_rules(asked, scope, *send);
  const auto why = [&](const Holder& holder, std::string_view by) {
    return facts.explains ? why_not(scope, asked, holder, by) : Reason();
  };
  if (const auto* never = std::get_if<LeaveNever>(&leave)) {
    return SendSkipped{.reason = std::string(never->reason),
                       .why = why(never->holder, never->reason)};
  }
  if (const auto* put_off = std::get_if<LeaveLater>(&leave)) {
    return SendDeferred{put_off->until, std::string(put_off->by), why(put_off->holder, put_off->by),
                        asked.last_chance};
  }
  SendNow sent{send->campaign, message_data(scope, *send), asked.last_chance};
  if (facts.explains) add_fields(sent.data, sent.why);
  return sent;
}

}  // namespace sojourn::engine
