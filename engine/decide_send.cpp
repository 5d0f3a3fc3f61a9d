#include <algorithm>
#include <utility>

#include "engine/advance.h"
#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/exits.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {
namespace {

bool is_empty(const graph::Value& v) {
  return v.is_missing() || (v.kind() == graph::Value::Kind::kString && v.as_string().empty());
}

// This person cannot be reached this way at all.
std::optional<SendSkipped> unreachable(const SendPolicy& policy, const ProfileView& profile) {
  if ((policy.needs_email && is_empty(profile.field("email"))) ||
      (policy.needs_phone && is_empty(profile.field("phoneNumber")))) {
    return SendSkipped{.reason = "no_address", .unreachable = true};
  }
  if (policy.consent_missing) return SendSkipped{.reason = "no_consent", .unreachable = true};
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

// In a `before` rung, T has gone by.
bool is_past_schedule(const Scope& scope, const Enrollment& enrollment, base::Instant now) {
  return std::ranges::any_of(enrollment.schedules, [&](const ScheduleState& state) {
    if (!state.running || state.step >= scope.graph.steps.size()) return false;
    const auto* step = std::get_if<graph::Schedule>(&scope.graph.steps[state.step].action);
    if (step == nullptr || *state.running >= step->rungs.size() ||
        !step->rungs[*state.running].before) {
      return false;
    }
    Scope then = scope;
    then.now = state.reached;
    const auto t = schedule_time(then, *step, state.reached);
    return t && now > *t;
  });
}

bool is_behind(const Scope& scope, const graph::Send& send, base::Instant now) {
  if (send.before == graph::kNoExpr) return false;
  const graph::Value t = evaluate(scope, send.before);
  return t.kind() == graph::Value::Kind::kTimestamp && now >= t.as_timestamp();
}

bool is_late(const Scope& scope, const Enrollment& enrollment, const graph::Send& send,
             const SendPolicy& policy, base::Instant now) {
  const base::Millis within = send.deadline.value_or(policy.deadline);
  return now > later(enrollment.arrived_at, within) || is_behind(scope, send, now) ||
         is_past_schedule(scope, enrollment, now);
}

// What is missing now is left out.
std::vector<graph::Field> message_data(const Scope& scope, const graph::Send& send) {
  std::vector<graph::Field> data;
  if (send.data == graph::kNoExpr) return data;
  const graph::Value object = evaluate(scope, send.data);
  if (object.kind() != graph::Value::Kind::kObject) return data;
  std::ranges::copy_if(object.as_object(), std::back_inserter(data),
                       [](const graph::Field& field) { return !field.second.is_missing(); });
  return data;
}

}  // namespace

std::variant<SendNow, SendSkipped> decide_send(const graph::Graph& graph,
                                               const Enrollment& enrollment, graph::StepIndex step,
                                               const SendPolicy& policy, const Facts& facts,
                                               base::Instant now) {
  const auto* send =
      step < graph.steps.size() ? std::get_if<graph::Send>(&graph.steps[step].action) : nullptr;
  const Scope scope{.graph = graph,
                    .profile = facts.profile,
                    .zones = facts.zones,
                    .entry_fields = enrollment.entry_fields,
                    .entry_created_at = enrollment.entry_created_at,
                    .locals = enrollment.locals,
                    .now = now,
                    .history = facts.history,
                    .entry_event = enrollment.entry_event,
                    .reached = enrollment.reached};
  // A message that nobody waits for any more is one of an enrollment that left.
  if (send == nullptr || enrollment.exit_reason || enrollment.at != step || exit_rule(scope)) {
    return SendSkipped{.reason = "exited"};
  }
  if (auto skipped = unreachable(policy, facts.profile)) return std::move(*skipped);
  if (!send->again && is_repeat(graph, enrollment, *send)) {
    return SendSkipped{.reason = "repeated"};
  }
  if (is_late(scope, enrollment, *send, policy, now)) return SendSkipped{.reason = "late"};
  return SendNow{send->campaign, message_data(scope, *send)};
}

}  // namespace sojourn::engine
