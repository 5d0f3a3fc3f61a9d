#include "graph/verify.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "graph/verify_expressions.h"
#include "graph/walk.h"

namespace sojourn::graph {
namespace {

using Problem = std::optional<std::string>;

std::string name_of(const Step& step) {
  return fmt::format("step `{}` ({})", step.identity, kind_of(step));
}

bool is_object(const Graph& graph, ExprId id) {
  return graph.expressions[id].op == Op::kObject;
}

bool is_minute(const std::optional<TimeOfDay>& at) {
  return !at || (at->minutes >= 0 && at->minutes < 24 * 60);
}

bool is_negative(const Duration& d) {
  return d.months < 0 || d.days < 0 || d.millis < 0;
}

bool is_negative(const std::optional<base::Millis>& limit) {
  return limit && limit->count < 0;
}

// What each kind of step must hold beside indices in range, which are checked
// for all kinds alike before.

Problem check(const Graph& graph, const Send& send) {
  if (send.campaign.empty()) return "it names no campaign";
  if (send.data != kNoExpr && !is_object(graph, send.data)) return "its data is not an object";
  if (is_negative(send.deadline)) return "its deadline is negative";
  if (is_negative(send.best_time) || send.best_time > base::days24(1)) {
    return "it waits for its best time longer than a day";
  }
  return std::nullopt;
}

Problem check(const Graph&, const Wait& wait) {
  if (is_negative(wait.duration)) return "its duration is negative";
  if (!is_minute(wait.at)) return "`at` is no time of day";
  return std::nullopt;
}

Problem check(const Graph&, const WaitUntil& wait) {
  if (wait.time == kNoExpr) return "it has no date to wait for";
  if (!is_minute(wait.at)) return "`at` is no time of day";
  if (is_negative(wait.up_to)) return "`up to` is negative";
  return std::nullopt;
}

Problem check_days(const DayRule& day) {
  if (day.kind == DayRule::Kind::kOfMonth && (day.day_of_month < 1 || day.day_of_month > 31)) {
    return "it names no day of a month";
  }
  if (day.kind == DayRule::Kind::kOfWeek && (day.weekdays < 1 || day.weekdays > 127)) {
    return "it names no day of the week";
  }
  if (day.except.size() > kMaxExceptedDays) {
    return fmt::format("{} excepted days are more than the limit of {}", day.except.size(),
                       kMaxExceptedDays);
  }
  const bool in_order =
      std::ranges::adjacent_find(day.except, std::greater_equal<>()) == day.except.end();
  return in_order ? Problem() : "its excepted days are not in order";
}

Problem check(const Graph&, const WaitUntilTime& wait) {
  if (!is_minute(wait.from) || !is_minute(wait.to)) return "it names no time of day";
  if (wait.to == wait.from) return "its window is empty";
  return check_days(wait.day);
}

Problem check(const Graph&, const Repeat& repeat) {
  if (repeat.times < 1 || repeat.times > kMaxRounds) {
    return fmt::format("{} rounds are not between 1 and {}", repeat.times, kMaxRounds);
  }
  return std::nullopt;
}

Problem check(const Graph& graph, const Collect& collect) {
  if (collect.event.empty()) return "it names no event";
  if (collect.length.count < 0) return "its length is negative";
  if (collect.slot >= graph.local_count || graph.local_count - collect.slot < 2) {
    return fmt::format("it fills locals from {} of {}", collect.slot, graph.local_count);
  }
  if (collect.keep < 1 || collect.keep > kMaxCollected) {
    return fmt::format("{} kept events are not between 1 and {}", collect.keep, kMaxCollected);
  }
  return std::nullopt;
}

Problem check(const Graph& graph, const Call& call) {
  if (call.webhook.empty()) return "it names no webhook";
  if (call.fields != kNoExpr && !is_object(graph, call.fields)) return "its data is not an object";
  if (call.bind && *call.bind >= graph.local_count) {
    return fmt::format("it binds local {} of {}", *call.bind, graph.local_count);
  }
  if (call.up_to.count < 0) return "`up to` is negative";
  return std::nullopt;
}

Problem check_arm(const Graph& graph, const EventArm& arm) {
  if (arm.event.empty()) return "an arm names no event";
  if (arm.bind && *arm.bind >= graph.local_count) {
    return fmt::format("an arm binds local {} of {}", *arm.bind, graph.local_count);
  }
  const bool known =
      std::ranges::find(graph.steps, arm.since_step, &Step::identity) != graph.steps.end();
  if (arm.since == Since::kStep && !known) {
    return fmt::format("`since` names the unknown step `{}`", arm.since_step);
  }
  return std::nullopt;
}

Problem check_arm(const Graph&, const ConditionArm& arm) {
  if (arm.condition == kNoExpr) return "an arm has no condition";
  return std::nullopt;
}

Problem check(const Graph& graph, const WaitFor& wait) {
  if (wait.arms.empty()) return "it waits for nothing";
  if (wait.up_to.count < 0) return "`up to` is negative";
  for (const auto& arm : wait.arms) {
    Problem problem = std::visit([&](const auto& a) { return check_arm(graph, a); }, arm);
    if (problem) return problem;
  }
  return std::nullopt;
}

Problem check(const Graph&, const Schedule& schedule) {
  if (schedule.around == kNoExpr) return "it has no date to stand around";
  if (is_negative(schedule.up_to)) return "`up to` is negative";
  if (schedule.rungs.size() > kMaxRungs) {
    return fmt::format("{} rungs are more than the limit of {}", schedule.rungs.size(), kMaxRungs);
  }
  for (const Rung& rung : schedule.rungs) {
    if (is_negative(rung.offset)) return "the distance of a rung is negative";
    if (!is_minute(rung.at)) return "`at` of a rung is no time of day";
  }
  return std::nullopt;
}

Problem check(const Graph& graph, const Branch& branch) {
  for (const ConditionArm& arm : branch.arms) {
    if (Problem problem = check_arm(graph, arm)) return problem;
  }
  return std::nullopt;
}

Problem check_measure(const Graph& graph, const SplitMeasure& measure) {
  if (measure.kind == SplitMeasure::Kind::kGoal && measure.goal >= graph.goals.size()) {
    return fmt::format("it measures goal {} of {}", measure.goal, graph.goals.size());
  }
  if (measure.within.count < 0) return "its measure's `within` is negative";
  return std::nullopt;
}

// What is counted of a split is kept by its name.
Problem check_counted(const Graph& graph, const Split& split) {
  const auto has_name = [&](const Step& step) {
    const auto* other = std::get_if<Split>(&step.action);
    return other != nullptr && other->name == split.name;
  };
  if (std::ranges::count_if(graph.steps, has_name) > 1) {
    return fmt::format("it is measured, and another split is called `{}`", split.name);
  }
  if (!split.decide) return std::nullopt;
  if (split.decide->after < 1) return "it is decided after nobody";
  if (split.decide->confidence < 1 || split.decide->confidence >= 10'000) {
    return fmt::format("it is decided with a confidence of {} in 10000", split.decide->confidence);
  }
  return std::nullopt;
}

Problem check(const Graph& graph, const Split& split) {
  if (split.name.empty()) return "the split has no name";
  if (split.decide && !split.measure) return "it is decided by no measure";
  if (split.measure) {
    if (Problem problem = check_measure(graph, *split.measure)) return problem;
    if (Problem problem = check_counted(graph, split)) return problem;
  }
  std::uint64_t sum = 0;
  for (const SplitArm& arm : split.arms) sum += arm.share;
  if (sum != 10'000) return fmt::format("its shares sum to {}, not 10000", sum);
  return std::nullopt;
}

Problem check(const Graph& graph, const Let& let) {
  if (let.value == kNoExpr) return "it has no value";
  if (let.slot >= graph.local_count) {
    return fmt::format("it sets local {} of {}", let.slot, graph.local_count);
  }
  return std::nullopt;
}

Problem check(const Graph& graph, const UpdateUser& update) {
  if (update.fields == kNoExpr || !is_object(graph, update.fields))
    return "its fields are not an object";
  return std::nullopt;
}

Problem check(const Graph& graph, const Track& track) {
  if (track.event.empty()) return "it names no event";
  if (track.fields != kNoExpr && !is_object(graph, track.fields))
    return "its fields are not an object";
  return std::nullopt;
}

Problem check(const Graph& graph, const Start& start) {
  if (start.journey.empty()) return "it names no journey";
  if (start.fields != kNoExpr && !is_object(graph, start.fields))
    return "its fields are not an object";
  return std::nullopt;
}

Problem check(const Graph&, const ChangeList& change) {
  if (change.list.empty()) return "it names no list";
  return std::nullopt;
}

Problem check(const Graph&, const ChangeSubscription& change) {
  const std::vector<std::string>& types = change.message_types;
  if (types.empty() || types.front().empty()) return "it names no message type";
  if (!std::ranges::is_sorted(types, std::ranges::less_equal{})) {
    return "its message types are out of order";
  }
  return std::nullopt;
}

Problem check(const Graph&, const Exit& exit) {
  if (exit.reason.empty()) return "it gives no reason";
  return std::nullopt;
}

Problem check_step(const Graph& graph, const Step& step) {
  for (const Edge& edge : edges_of(step)) {
    if (edge.to != kCompleted && edge.to >= graph.steps.size()) {
      return fmt::format("goes to step {} of {}", edge.to, graph.steps.size());
    }
  }
  for (const ExprId id : expressions_of(step)) {
    if (id >= graph.expressions.size()) {
      return fmt::format("reads expression {} of {}", id, graph.expressions.size());
    }
  }
  return std::visit([&](const auto& action) { return check(graph, action); }, step.action);
}

Problem check_steps(const Graph& graph) {
  std::set<std::string_view> identities;
  for (const Step& step : graph.steps) {
    if (step.identity.empty()) return "a step has no identity";
    if (!identities.insert(step.identity).second) {
      return fmt::format("two steps are called `{}`", step.identity);
    }
    if (Problem problem = check_step(graph, step)) return name_of(step) + ": " + *problem;
  }
  if (graph.first != kCompleted && graph.first >= graph.steps.size()) {
    return fmt::format("the first step is {} of {}", graph.first, graph.steps.size());
  }
  return std::nullopt;
}

// A rung is taken at most once and rounds are counted, so a way round that needs
// one of them ends by itself.
std::vector<StepIndex> ways_on_arrival(const Step& step) {
  std::vector<StepIndex> out;
  for (const Edge& edge : edges_of(step)) {
    const bool bounded = edge.way == Edge::Way::kRung || edge.way == Edge::Way::kRound;
    const bool counts = edge.to != kCompleted && !bounded;
    if (counts && passable_on_arrival(step, edge)) out.push_back(edge.to);
  }
  return out;
}

// Takes away, again and again, every step that no remaining step leads to. What
// cannot be taken away stands on a cycle or behind one.
Problem check_cycles(const Graph& graph) {
  std::vector<std::size_t> ways_in(graph.steps.size(), 0);
  for (const Step& step : graph.steps) {
    for (const StepIndex to : ways_on_arrival(step)) ++ways_in[to];
  }
  std::vector<StepIndex> free;
  for (StepIndex i = 0; i < graph.steps.size(); ++i) {
    if (ways_in[i] == 0) free.push_back(i);
  }
  std::size_t taken = 0;
  while (!free.empty()) {
    const Step& step = graph.steps[free.back()];
    free.pop_back();
    ++taken;
    for (const StepIndex to : ways_on_arrival(step)) {
      if (--ways_in[to] == 0) free.push_back(to);
    }
  }
  if (taken == graph.steps.size()) return std::nullopt;
  const auto stuck = std::ranges::find_if(ways_in, [](std::size_t n) { return n != 0; });
  const Step& step = graph.steps[static_cast<std::size_t>(stuck - ways_in.begin())];
  return name_of(step) + ": a turn could go round through it for ever";
}

Problem check_roots(const Graph& graph, std::span<const ExprId> roots, std::string_view what) {
  for (const ExprId id : roots) {
    if (id != kNoExpr && id >= graph.expressions.size()) {
      return fmt::format("{} reads expression {} of {}", what, id, graph.expressions.size());
    }
  }
  return std::nullopt;
}

Problem check_rule(const Graph& graph, const ExitOnEvent& rule) {
  if (rule.event.empty()) return "an exit rule names no event";
  if (rule.reason.empty()) return "an exit rule gives no reason";
  return check_roots(graph, {&rule.where, 1}, "an exit rule");
}

Problem check_rule(const Graph& graph, const ExitWhen& rule) {
  if (rule.condition == kNoExpr) return "an exit rule has no condition";
  if (rule.held.count < 0) return "`for` of an exit rule is negative";
  if (rule.reason.empty()) return "an exit rule gives no reason";
  return check_roots(graph, {&rule.condition, 1}, "an exit rule");
}

Problem check_goals(const Graph& graph) {
  if (graph.goals.size() > kMaxGoals) {
    return fmt::format("{} goals are more than the limit of {}", graph.goals.size(), kMaxGoals);
  }
  for (const Goal& goal : graph.goals) {
    if (goal.name.empty() || goal.event.empty()) return "a goal has no name or no event";
    if (goal.within.count < 0) return "`within` of a goal is negative";
    const std::array<ExprId, 2> roots{goal.where, goal.value};
    if (Problem problem = check_roots(graph, roots, "a goal")) return problem;
  }
  if (graph.holdout > 10'000) return "the holdout is more than everybody";
  if (graph.pace && (graph.pace->most < 1 || graph.pace->most > kMaxPace)) {
    return fmt::format("a pace of {} is not between 1 and {}", graph.pace->most, kMaxPace);
  }
  if (graph.pace && (graph.pace->per.count <= 0 || is_negative(graph.pace->up_to))) {
    return "the times of the pace are negative";
  }
  return std::nullopt;
}

Problem check_zone_chain(const Graph& graph, const std::vector<ExprId>& chain) {
  if (std::ranges::find(chain, kNoExpr) != chain.end()) {
    return "a link of the zone chain is empty";
  }
  if (Problem problem = check_roots(graph, chain, "the zone chain")) return problem;
  const Expression& last = graph.expressions[chain.back()];
  if (last.op != Op::kConstant || last.constant.kind() != Value::Kind::kString) {
    return "the last link of the zone chain is not a constant string";
  }
  return std::nullopt;
}

Problem check_quiet(const QuietHours& quiet) {
  if (!is_minute(quiet.from) || !is_minute(quiet.to)) return "`quiet` names no time of day";
  if (quiet.from == quiet.to) return "the range of `quiet` is empty";
  if (quiet.weekdays >= 127) return "`quiet` leaves no day of the week";
  if (quiet.dates.size() > kMaxQuietDates) {
    return fmt::format("{} quiet days are more than the limit of {}", quiet.dates.size(),
                       kMaxQuietDates);
  }
  if (std::ranges::adjacent_find(quiet.dates, std::greater_equal<>()) != quiet.dates.end()) {
    return "the quiet days are not in order";
  }
  return quiet.defer_up_to.count < 0 ? Problem("`defer up to` is negative") : std::nullopt;
}

Problem check_watched(const Graph& graph, const DateEntry& rule) {
  if (rule.date == kNoExpr) return "an entry has no date";
  if (is_negative(rule.offset)) return "the distance of an entry is negative";
  if (rule.every_year && !is_within_a_year(rule.offset)) {
    return "the distance of a yearly entry is a year or more";
  }
  if (!is_minute(rule.at)) return "`at` of an entry is no time of day";
  return check_roots(graph, {&rule.date, 1}, "an entry");
}

Problem check_watched(const Graph& graph, const WhenEntry& rule) {
  if (rule.condition == kNoExpr) return "an entry has no condition";
  return check_roots(graph, {&rule.condition, 1}, "an entry");
}

Problem check_watched(const Graph& graph, const ScheduleEntry& rule) {
  if (rule.condition == kNoExpr) return "an entry has no segment";
  if (!is_minute(rule.at)) return "an entry names no time of day";
  if (Problem problem = check_days(rule.day)) return "an entry: " + *problem;
  return check_roots(graph, {&rule.condition, 1}, "an entry");
}

Problem check_watched(const Graph& graph, const OneTimeEntry& rule) {
  if (rule.condition == kNoExpr) return "an entry has no segment";
  return check_roots(graph, {&rule.condition, 1}, "an entry");
}

Problem check_journey(const Graph& graph) {
  for (const EventEntry& entry : graph.entries) {
    if (entry.event.empty()) return "an entry names no event";
    if (Problem problem = check_roots(graph, {&entry.where, 1}, "an entry")) return problem;
  }
  for (const WatchedEntry& watched : graph.watched) {
    if (watched.entry >= graph.entries.size()) return "a watched entry is none of the entries";
    Problem problem =
        std::visit([&](const auto& rule) { return check_watched(graph, rule); }, watched.rule);
    if (problem) return problem;
  }
  if (std::ranges::find(graph.one_per, kNoExpr) != graph.one_per.end())
    return "`one per` has a hole";
  if (Problem problem = check_roots(graph, graph.one_per, "`one per`")) return problem;
  if (is_negative(graph.reentry.after)) return "`reenter after` is negative";
  for (const auto& rule : graph.exits) {
    Problem problem = std::visit([&](const auto& r) { return check_rule(graph, r); }, rule);
    if (problem) return problem;
  }
  if (Problem problem = check_goals(graph)) return problem;
  const std::set<std::string_view> fields(graph.entry_fields.begin(), graph.entry_fields.end());
  if (fields.size() != graph.entry_fields.size()) return "an entry field is listed twice";
  if (graph.zone_chain.empty()) return "the zone chain is empty";
  if (Problem problem = check_zone_chain(graph, graph.zone_chain)) return problem;
  if (!graph.person_zone_chain.empty()) {
    if (Problem problem = check_zone_chain(graph, graph.person_zone_chain)) return problem;
  }
  return graph.quiet ? check_quiet(*graph.quiet) : std::nullopt;
}

Problem check_sizes(const Graph& graph) {
  if (graph.journey.empty()) return "it has no name";
  if (graph.steps.size() > kMaxSteps) {
    return fmt::format("{} steps are more than the limit of {}", graph.steps.size(), kMaxSteps);
  }
  if (graph.expressions.size() > kMaxExpressions) {
    return fmt::format("{} expressions are more than the limit of {}", graph.expressions.size(),
                       kMaxExpressions);
  }
  return std::nullopt;
}

base::Status refuse(const Graph& graph, const std::string& problem) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("graph of journey `{}`: {}", graph.journey, problem));
}

}  // namespace

bool is_within_a_year(const Duration& offset) {
  constexpr std::int64_t kYearDays = 365;
  constexpr std::int64_t kLongestMonthDays = 31;
  const std::int64_t elapsed_days = offset.millis / base::days24(1).count;
  return offset.months * kLongestMonthDays + offset.days + elapsed_days < kYearDays;
}

base::Status verify_structure(const Graph& graph) {
  for (const auto check_part :
       {check_sizes, find_bad_expression, check_journey, check_steps, check_cycles}) {
    if (const Problem problem = check_part(graph)) return refuse(graph, *problem);
  }
  return {};
}

base::Status verify(const Graph& graph) {
  if (base::Status status = verify_structure(graph); !status) return status;
  Graph computed = graph;
  compute_needs(computed);
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    if (graph.steps[i] != computed.steps[i]) {
      return refuse(graph, name_of(graph.steps[i]) + ": its needs are not what its graph reads");
    }
  }
  return {};
}

}  // namespace sojourn::graph
