#include "graph/walk.h"

#include <array>
#include <type_traits>

namespace sojourn::graph {
namespace {

using Way = Edge::Way;

std::vector<Edge> edges(const Send& send) {
  return {{Way::kNext, 0, send.next}, {Way::kElse, 0, send.unreachable}};
}

std::vector<Edge> edges(const WaitUntil& wait) {
  return {{Way::kNext, 0, wait.next}, {Way::kPast, 0, wait.past}, {Way::kMissing, 0, wait.missing}};
}

std::vector<Edge> edges(const WaitFor& wait) {
  std::vector<Edge> out;
  out.reserve(wait.arms.size() + 1);
  for (std::uint32_t i = 0; i < wait.arms.size(); ++i) {
    std::visit([&](const auto& arm) { out.push_back({Way::kArm, i, arm.next}); }, wait.arms[i]);
  }
  out.push_back({Way::kTimeout, 0, wait.timeout});
  return out;
}

std::vector<Edge> edges(const Schedule& schedule) {
  std::vector<Edge> out;
  out.reserve(schedule.rungs.size() + 2);
  for (std::uint32_t i = 0; i < schedule.rungs.size(); ++i) {
    out.push_back({Way::kRung, i, schedule.rungs[i].body});
  }
  out.push_back({Way::kNext, 0, schedule.next});
  out.push_back({Way::kMissing, 0, schedule.missing});
  return out;
}

std::vector<Edge> edges(const Branch& branch) {
  std::vector<Edge> out;
  out.reserve(branch.arms.size() + 1);
  for (std::uint32_t i = 0; i < branch.arms.size(); ++i) {
    out.push_back({Way::kArm, i, branch.arms[i].next});
  }
  out.push_back({Way::kElse, 0, branch.otherwise});
  return out;
}

std::vector<Edge> edges(const Split& split) {
  std::vector<Edge> out;
  out.reserve(split.arms.size());
  for (std::uint32_t i = 0; i < split.arms.size(); ++i) {
    out.push_back({Way::kArm, i, split.arms[i].next});
  }
  return out;
}

std::vector<Edge> edges(const Repeat& repeat) {
  return {{Way::kRound, 0, repeat.body}, {Way::kNext, 0, repeat.next}};
}

std::vector<Edge> edges(const Call& call) {
  return {{Way::kNext, 0, call.next}, {Way::kElse, 0, call.otherwise}};
}

std::vector<Edge> edges(const Exit&) {
  return {};
}

// Wait, WaitUntilTime, Collect and the steps that change something: one way on.
template <typename Action>
std::vector<Edge> edges(const Action& action) {
  return {{Way::kNext, 0, action.next}};
}

std::vector<ExprId> reads(const Send& send) {
  return {send.data, send.before};
}
std::vector<ExprId> reads(const Wait&) {
  return {};
}
std::vector<ExprId> reads(const WaitUntil& wait) {
  return {wait.time};
}
std::vector<ExprId> reads(const WaitUntilTime&) {
  return {};
}
std::vector<ExprId> reads(const Repeat& repeat) {
  return {repeat.until};
}
std::vector<ExprId> reads(const Collect& collect) {
  return {collect.where};
}
std::vector<ExprId> reads(const Call& call) {
  return {call.fields};
}
std::vector<ExprId> reads(const WaitFor& wait) {
  std::vector<ExprId> out;
  for (const auto& arm : wait.arms) {
    const auto* event = std::get_if<EventArm>(&arm);
    out.push_back(event != nullptr ? event->where : std::get<ConditionArm>(arm).condition);
  }
  return out;
}
std::vector<ExprId> reads(const Schedule& schedule) {
  return {schedule.around};
}
std::vector<ExprId> reads(const Branch& branch) {
  std::vector<ExprId> out;
  out.reserve(branch.arms.size());
  for (const ConditionArm& arm : branch.arms) out.push_back(arm.condition);
  return out;
}
std::vector<ExprId> reads(const Split& split) {
  return {split.unit};
}
std::vector<ExprId> reads(const Let& let) {
  return {let.value};
}
std::vector<ExprId> reads(const UpdateUser& update) {
  return {update.fields};
}
std::vector<ExprId> reads(const Track& track) {
  return {track.fields};
}
std::vector<ExprId> reads(const Start& start) {
  return {start.fields};
}
std::vector<ExprId> reads(const ChangeList&) {
  return {};
}
std::vector<ExprId> reads(const ChangeSubscription&) {
  return {};
}
std::vector<ExprId> reads(const Exit&) {
  return {};
}

}  // namespace

std::vector<Edge> edges_of(const Step& step) {
  return std::visit([](const auto& action) { return edges(action); }, step.action);
}

std::vector<ExprId> expressions_of(const Step& step) {
  std::vector<ExprId> out =
      std::visit([](const auto& action) { return reads(action); }, step.action);
  std::erase(out, kNoExpr);
  return out;
}

std::string_view kind_of(const Step& step) {
  // In the order of Step::action.
  static constexpr std::array<std::string_view, 18> kNames{
      "send",   "wait",    "wait_until",  "wait_for", "schedule",    "branch",
      "split",  "let",     "update_user", "track",    "exit",        "wait_until_time",
      "repeat", "collect", "call",        "start",    "change_list", "change_subscription"};
  static_assert(kNames.size() == std::variant_size_v<decltype(Step::action)>);
  return kNames[step.action.index()];
}

bool changes_person(const Step& step) {
  return std::holds_alternative<UpdateUser>(step.action) ||
         std::holds_alternative<ChangeList>(step.action) ||
         std::holds_alternative<ChangeSubscription>(step.action);
}

bool is_resting_place(const Step& step) {
  return std::holds_alternative<Send>(step.action) || std::holds_alternative<Wait>(step.action) ||
         std::holds_alternative<WaitUntil>(step.action) ||
         std::holds_alternative<WaitUntilTime>(step.action) ||
         std::holds_alternative<WaitFor>(step.action) ||
         std::holds_alternative<Collect>(step.action) ||
         std::holds_alternative<Call>(step.action) || std::holds_alternative<Schedule>(step.action);
}

bool passable_on_arrival(const Step& step, const Edge& edge) {
  if (const auto* wait = std::get_if<Wait>(&step.action)) {
    return wait->at.has_value() || wait->duration == Duration{};
  }
  if (std::holds_alternative<Send>(step.action)) return false;
  if (const auto* call = std::get_if<Call>(&step.action)) {
    return edge.way == Edge::Way::kElse && call->up_to <= base::Millis{0};
  }
  if (std::holds_alternative<WaitUntil>(step.action)) return edge.way != Edge::Way::kNext;
  if (const auto* wait = std::get_if<WaitUntilTime>(&step.action)) return wait->to.has_value();
  if (const auto* collect = std::get_if<Collect>(&step.action)) {
    return collect->length <= base::Millis{0};
  }
  if (const auto* wait = std::get_if<WaitFor>(&step.action)) {
    return edge.way != Edge::Way::kTimeout || wait->up_to <= base::Millis{0};
  }
  return true;
}

}  // namespace sojourn::graph
