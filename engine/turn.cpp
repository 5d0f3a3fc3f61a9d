#include "engine/turn.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/reasons.h"

namespace sojourn::engine {

const graph::Value& TurnProfile::field(std::string_view name) const {
  for (const auto& [changed, value] : changed_) {
    if (changed == name) return value;
  }
  return before_.field(name);
}

void TurnProfile::change(const graph::Field& field) {
  graph::Value value = field.second.is_missing() ? before_.cleared(field.first) : field.second;
  const auto known = std::ranges::find(changed_, field.first, &graph::Field::first);
  if (known != changed_.end()) {
    known->second = std::move(value);
  } else {
    changed_.emplace_back(field.first, std::move(value));
  }
}

const graph::MessageType* TurnMemberships::message_type(std::string_view name) const {
  return before_ == nullptr ? nullptr : before_->message_type(name);
}

bool TurnMemberships::in_list(std::string_view list) const {
  for (const auto& [changed, joins] : changed_) {
    if (changed == list) return joins;
  }
  return before_ != nullptr && before_->in_list(list);
}

bool TurnMemberships::in_journey(std::string_view journey) const {
  return before_ != nullptr && before_->in_journey(journey);
}

std::optional<base::Instant> TurnMemberships::left_at(std::string_view journey,
                                                      std::string_view reason) const {
  return before_ == nullptr ? std::nullopt : before_->left_at(journey, reason);
}

void TurnMemberships::change(std::string_view list, bool joins) {
  const auto known = std::ranges::find_if(changed_, [&](const auto& c) { return c.first == list; });
  if (known != changed_.end()) {
    known->second = joins;
  } else {
    changed_.emplace_back(list, joins);
  }
}

Turn::Turn(const graph::Graph& graph_in, Enrollment enrollment_in, const Facts& facts_in,
           base::Instant now_in)
    : graph(graph_in),
      facts(facts_in),
      now(now_in),
      enrollment(std::move(enrollment_in)),
      profile(facts_in.profile),
      memberships(facts_in.memberships) {}

Scope Turn::scope_as_of(base::Instant instant, const EventFact* event) const {
  return Scope{.graph = graph,
               .profile = profile,
               .zones = facts.zones,
               .entry_fields = enrollment.entry_fields,
               .entry_created_at = enrollment.entry_created_at,
               .entered_at = enrollment.entered_at,
               .locals = enrollment.locals,
               .now = instant,
               .event = event,
               .history = facts.history,
               .entry_event = enrollment.entry_event,
               .enrollment = enrollment.number,
               .reached = enrollment.reached,
               .held = enrollment.held,
               .memberships = &memberships};
}

void Turn::end(std::string_view reason, std::uint32_t rule) {
  if (send_open) {
    effects.emplace_back(CancelSend{enrollment.at, times_reached(enrollment, enrollment.at)});
    send_open = false;
  }
  note(Note::Kind::kExited, enrollment.at, reason, rule);
  decided(Decision::Kind::kExited, enrollment.at, reason);
  enrollment.exit_reason = std::string(reason);
  enrollment.queued = false;
  enrollment.at = graph::kCompleted;
  enrollment.arrived_at = now;
  enrollment.timers.clear();
  enrollment.locals.clear();
  enrollment.used_events.clear();
  enrollment.schedules.clear();
  enrollment.loops.clear();
  enrollment.held.clear();
  enrollment.reached.clear();
  enrollment.clock_followed = {};
}

void Turn::rest(graph::StepIndex step) {
  enrollment.at = step;
  enrollment.arrived_at = now;
  enrollment.clock_followed.here = {};
  enrollment.timers.clear();
}

std::uint32_t Turn::count(graph::StepIndex step) {
  const auto known = std::ranges::find(enrollment.sends, step, &SendCount::step);
  if (known != enrollment.sends.end()) return ++known->times;
  enrollment.sends.push_back({step, 1});
  return 1;
}

void Turn::set_local(std::uint32_t slot, graph::Value value) {
  auto& locals = enrollment.locals;
  if (slot >= locals.size()) locals.resize(std::size_t{slot} + 1);
  locals[slot] = std::move(value);
}

void Turn::note(Note::Kind kind, graph::StepIndex step, std::string_view text,
                std::uint32_t number) {
  effects.emplace_back(Note{kind, step, number, std::string(text), {}, false, false});
}

void Turn::note_way(graph::StepIndex step, graph::Edge::Way way, std::string_view text,
                    std::uint32_t arm) {
  effects.emplace_back(Note{Note::Kind::kBranch, step, arm, std::string(text), way, false, false});
  if (!explains()) return;
  if (why.rule.empty()) why.rule = rule_of_way(graph, graph.steps[step], way, arm);
  decided(Decision::Kind::kWay, step, text, arm);
}

void Turn::because(const Scope& scope, graph::ExprId condition) {
  if (explains()) add_reads(scope, condition, why);
}

void Turn::decided(Decision::Kind kind, graph::StepIndex step, std::string_view what,
                   std::uint32_t number, std::optional<base::Instant> until) {
  if (!explains()) return;
  decisions.push_back(
      {kind, step, number, std::string(what), until, std::exchange(why, {}), effects.size()});
}

std::optional<base::Instant> end_of_rest(const Enrollment& enrollment) {
  std::optional<base::Instant> end;
  for (const Timer& timer : enrollment.timers) {
    if (timer.purpose == Timer::Purpose::kCondition) continue;
    if (!end || timer.due < *end) end = timer.due;
  }
  return end;
}

void tell_of_rest(Turn& turn, Decision::Kind kind) {
  const Enrollment& enrollment = turn.enrollment;
  if (!turn.explains() || turn.ended() || rests_at_send(turn.graph, enrollment) ||
      enrollment.at >= turn.graph.steps.size()) {
    return;
  }
  const bool by_local_time = std::ranges::any_of(
      enrollment.timers, [](const Timer& timer) { return timer.intent.has_value(); });
  turn.why = reason_of_wait(turn.scope_as_of(enrollment.arrived_at),
                            turn.graph.steps[enrollment.at], by_local_time);
  turn.decided(kind, enrollment.at, {}, 0, end_of_rest(enrollment));
}

bool rests_at_send(const graph::Graph& graph, const Enrollment& enrollment) {
  return !enrollment.queued && enrollment.at < graph.steps.size() &&
         std::holds_alternative<graph::Send>(graph.steps[enrollment.at].action);
}

std::uint32_t times_reached(const Enrollment& enrollment, graph::StepIndex step) {
  const auto known = std::ranges::find(enrollment.sends, step, &SendCount::step);
  return known == enrollment.sends.end() ? 0 : known->times;
}

}  // namespace sojourn::engine
