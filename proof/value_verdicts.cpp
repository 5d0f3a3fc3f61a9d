// What is asked of a ValueFlow once the walk is over.
#include <algorithm>
#include <utility>
#include <variant>

#include "graph/operation.h"
#include "graph/walk.h"
#include "proof/event_exits.h"
#include "proof/value_flow.h"

namespace sojourn::proof {

using graph::ConditionArm;
using graph::EventArm;
using graph::ExprId;
using graph::kNoExpr;
using graph::Op;
using graph::StepIndex;
using Root = Path::Root;

std::vector<Verdict> ValueFlow::arms(StepIndex step) const {
  std::vector<Verdict> out;
  if (!at_[step]) return out;
  KnownValues known = *at_[step];
  if (const auto* branch = std::get_if<graph::Branch>(&graph_.steps[step].action)) {
    bool is_left = true;
    for (const ConditionArm& arm : branch->arms) {
      Verdict& verdict = out.emplace_back(judge(known, arm.condition));
      if (!is_left) verdict.can_hold = false;
      if (verdict.is_switch || !is_left) continue;
      is_left = assumptions_.assume(known, arm.condition, false);
    }
  } else if (const auto* repeat = std::get_if<graph::Repeat>(&graph_.steps[step].action)) {
    out.push_back(judge(known, repeat->until));
  } else if (const auto* wait = std::get_if<graph::WaitFor>(&graph_.steps[step].action)) {
    rest(known);
    for (const auto& arm : wait->arms) {
      const auto* on_event = std::get_if<EventArm>(&arm);
      out.push_back(on_event != nullptr ? judge(with_event(known, on_event->event), on_event->where)
                                        : judge(known, std::get<ConditionArm>(arm).condition));
    }
  }
  return out;
}

KnownValues ValueFlow::with_tracked(const KnownValues& known, const graph::Track& step) const {
  KnownValues out = known;
  // By the time the event comes back the profile may be another.
  out.forget_if([&](PathIndex path) { return paths_[path].is_of_person(); });
  for (PathIndex i = 0; i < paths_.size(); ++i) {
    if (paths_[i].root == Root::kEvent && paths_[i].inside == kNoPath) {
      out.set(i, ValueSet::missing());
    }
  }
  if (step.fields == kNoExpr) return out;
  const graph::Expression& object = graph_.expressions[step.fields];
  for (std::size_t i = 0; i < object.names.size(); ++i) {
    const PathIndex path = paths_.find(Root::kEvent, object.names[i]);
    if (path != kNoPath) out.set(path, assumptions_.value_of(known, object.arguments[i]));
  }
  return out;
}

bool ValueFlow::comes_back(const graph::Track& step) const {
  const graph::EventType* type = catalog_.find_event(step.event);
  return type != nullptr && !type->fan_out;
}

std::optional<std::size_t> ValueFlow::exit_by(StepIndex step) const {
  if (!at_[step]) return std::nullopt;
  const auto* track = std::get_if<graph::Track>(&graph_.steps[step].action);
  const bool changes = graph::changes_person(graph_.steps[step]);
  if (track == nullptr && !changes) return std::nullopt;
  KnownValues known = track != nullptr ? with_tracked(*at_[step], *track) : *at_[step];
  if (changes) write(known, graph_.steps[step]);
  for (std::size_t i = 0; i < graph_.exits.size(); ++i) {
    const auto* when = std::get_if<graph::ExitWhen>(&graph_.exits[i]);
    const auto* on = std::get_if<graph::ExitOnEvent>(&graph_.exits[i]);
    if (changes && when != nullptr && fires_at_once(*when) &&
        !assumptions_.assume(known, when->condition, false)) {
      return i;
    }
    if (on != nullptr && track != nullptr && on->event == track->event && comes_back(*track) &&
        (on->where == kNoExpr || !assumptions_.decide(known, on->where).no)) {
      return i;
    }
  }
  return std::nullopt;
}

bool ValueFlow::is_fixed(ExprId condition) const {
  const graph::Expression& node = graph_.expressions[condition];
  switch (node.op) {
    case Op::kConstant:
    case Op::kEventField:
    case Op::kEventCreatedAt:
      return true;
    case Op::kEntryField:
    case Op::kEntryCreatedAt:
      return !takes_new_entry();
    default: {
      const bool computes = node.op >= Op::kNot && node.op <= Op::kMember;
      return (computes || node.op == Op::kItem || graph::asks_list(node.op)) &&
             std::ranges::all_of(node.arguments, [&](ExprId part) { return is_fixed(part); });
    }
  }
}

bool ValueFlow::is_taken_by(std::string_view event, ExprId where, std::size_t exit) const {
  const auto* rule = std::get_if<graph::ExitOnEvent>(&graph_.exits[exit]);
  if (rule == nullptr || rule->event != event) return false;
  if (rule->where == kNoExpr) return true;
  if (where == kNoExpr || !is_fixed(where) || !is_fixed(rule->where)) return false;
  if (implies(graph_, where, rule->where)) return true;
  KnownValues known = with_event(entered_.value_or(KnownValues()), event);
  return !assumptions_.assume(known, where, true) || !assumptions_.decide(known, rule->where).no;
}

}  // namespace sojourn::proof
