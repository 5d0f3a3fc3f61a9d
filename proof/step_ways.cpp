#include "proof/step_ways.h"

#include <variant>

#include "graph/graph.h"
#include "proof/constant_condition.h"
#include "proof/day_gap.h"

namespace sojourn::proof {
namespace {

using graph::Edge;
using graph::Graph;
using Way = graph::Edge::Way;

constexpr Delay kAtOnce{base::Millis{0}, base::Millis{0}};

Delay up_to(std::optional<base::Millis> most) {
  return {base::Millis{0}, most.value_or(kForever)};
}

// The message leaves at any time until its deadline, or is skipped by then.
std::vector<StepWay> ways(const Graph&, const graph::Send& send) {
  const Delay delay = up_to(send.deadline.value_or(kDefaultDeadline));
  std::vector<StepWay> out{{{Way::kNext, 0, send.next}, delay, true},
                           {{Way::kNext, 0, send.next}, delay, false}};
  if (send.unreachable != send.next) out.push_back({{Way::kElse, 0, send.unreachable}, delay});
  return out;
}

std::vector<StepWay> ways(const Graph&, const graph::Wait& wait) {
  return {{{Way::kNext, 0, wait.next}, delay_of(wait.duration, wait.at)}};
}

// T may move, or be deleted, at any time while it is waited for.
std::vector<StepWay> ways(const Graph&, const graph::WaitUntil& wait) {
  return {{{Way::kNext, 0, wait.next}, up_to(wait.up_to)},
          {{Way::kPast, 0, wait.past}, kAtOnce},
          {{Way::kMissing, 0, wait.missing}, up_to(wait.up_to)}};
}

std::vector<StepWay> ways(const Graph&, const graph::WaitUntilTime& wait) {
  const base::Millis most = base::days24(largest_gap_days(wait.day));
  return {{{Way::kNext, 0, wait.next}, {base::Millis{0}, plus(most, kLargestClockChange)}}};
}

std::vector<StepWay> ways(const Graph&, const graph::Collect& collect) {
  return {{{Way::kNext, 0, collect.next}, {collect.length, collect.length}}};
}

std::vector<StepWay> ways(const Graph&, const graph::Call& call) {
  const Delay delay = up_to(call.up_to);
  return {{{Way::kNext, 0, call.next}, delay}, {{Way::kElse, 0, call.otherwise}, delay}};
}

std::vector<StepWay> ways(const Graph&, const graph::Repeat&) {
  return {};
}

bool never_holds(const Graph& graph, graph::ExprId condition) {
  return condition != graph::kNoExpr && constant_truth(graph, condition) == false;
}

std::vector<StepWay> ways(const Graph& graph, const graph::WaitFor& wait) {
  std::vector<StepWay> out;
  for (std::uint32_t i = 0; i < wait.arms.size(); ++i) {
    if (const auto* event = std::get_if<graph::EventArm>(&wait.arms[i])) {
      if (never_holds(graph, event->where)) continue;
      out.push_back({{Way::kArm, i, event->next}, up_to(wait.up_to)});
    } else {
      const auto& arm = std::get<graph::ConditionArm>(wait.arms[i]);
      if (never_holds(graph, arm.condition)) continue;
      out.push_back({{Way::kArm, i, arm.next}, up_to(wait.up_to)});
    }
  }
  out.push_back({{Way::kTimeout, 0, wait.timeout}, {wait.up_to, wait.up_to}});
  return out;
}

std::vector<StepWay> ways(const Graph&, const graph::Schedule&) {
  return {};
}

std::vector<StepWay> ways(const Graph& graph, const graph::Branch& branch) {
  std::vector<StepWay> out;
  for (std::uint32_t i = 0; i < branch.arms.size(); ++i) {
    const auto truth = constant_truth(graph, branch.arms[i].condition);
    if (truth == false) continue;
    out.push_back({{Way::kArm, i, branch.arms[i].next}, kAtOnce});
    if (truth == true) return out;
  }
  out.push_back({{Way::kElse, 0, branch.otherwise}, kAtOnce});
  return out;
}

std::vector<StepWay> ways(const Graph&, const graph::Split& split) {
  std::vector<StepWay> out;
  for (std::uint32_t i = 0; i < split.arms.size(); ++i) {
    if (split.arms[i].share > 0) out.push_back({{Way::kArm, i, split.arms[i].next}, kAtOnce});
  }
  return out;
}

std::vector<StepWay> ways(const Graph&, const graph::Let& let) {
  return {{{Way::kNext, 0, let.next}, kAtOnce}};
}

std::vector<StepWay> ways(const Graph&, const graph::UpdateUser& update) {
  return {{{Way::kNext, 0, update.next}, kAtOnce}};
}

std::vector<StepWay> ways(const Graph&, const graph::Track& track) {
  return {{{Way::kNext, 0, track.next}, kAtOnce}};
}

std::vector<StepWay> ways(const Graph&, const graph::Start& start) {
  return {{{Way::kNext, 0, start.next}, kAtOnce}};
}

std::vector<StepWay> ways(const Graph&, const graph::ChangeList& change) {
  return {{{Way::kNext, 0, change.next}, kAtOnce}};
}

std::vector<StepWay> ways(const Graph&, const graph::ChangeSubscription& change) {
  return {{{Way::kNext, 0, change.next}, kAtOnce}};
}

std::vector<StepWay> ways(const Graph&, const graph::Exit&) {
  return {};
}

}  // namespace

std::vector<StepWay> step_ways(const Graph& graph, const graph::Step& step) {
  return std::visit([&](const auto& action) { return ways(graph, action); }, step.action);
}

}  // namespace sojourn::proof
