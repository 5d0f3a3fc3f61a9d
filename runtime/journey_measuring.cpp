// What of a journey is counted beside its steps: goals, measures of splits, holdouts.
#include <cmath>
#include <utility>

#include "engine/measures.h"
#include "runtime/counter_names.h"
#include "runtime/journey_runner.h"
#include "runtime/program.h"
#include "runtime/split_book.h"

namespace sojourn::runtime {
namespace {

// No split is called that.
constexpr std::string_view kHoldout = "(holdout)";

// Of a number that fits; else nothing.
std::int64_t thousandths(const graph::Value& value) {
  constexpr double kLargest = 9e15;
  double number = 0;
  if (value.kind() == graph::Value::Kind::kInteger) {
    number = static_cast<double>(value.as_integer());
  } else if (value.kind() == graph::Value::Kind::kNumber) {
    number = value.as_number();
  }
  const double rounded = std::round(number * 1'000);
  return std::abs(rounded) < kLargest ? static_cast<std::int64_t>(rounded) : 0;
}

std::string_view holdout_arm(const engine::Enrollment& enrollment) {
  return enrollment.measure.held_out ? "held_out" : "treated";
}

}  // namespace

void JourneyRunner::count_holdout(const Seat& seat) {
  const graph::Graph& graph = seat.journey->graph;
  if (graph.holdout == 0) return;
  record_.count(counter_name({"arms", graph.journey, seat.journey->version.hex(), kHoldout,
                              holdout_arm(seat.enrollment)}));
}

void JourneyRunner::count_arm(Seat& seat, const engine::Note& note) {
  const graph::Graph& graph = seat.journey->graph;
  const graph::Step& step = graph.steps.at(note.step);
  if (note.first) {
    record_.count(counter_name(
        {"arms", graph.journey, seat.journey->version.hex(), step.identity, note.text}));
  }
  if (!note.measured && !note.unit) return;
  const auto& split = std::get<graph::Split>(step.action);
  if (!context_.splits.taken(graph.journey, split, note, record_)) {
    engine::drop_measure(seat.enrollment, note.step);
  }
}

bool JourneyRunner::counted_before(const UserState& user, const Journey& journey) const {
  const std::string& name = journey.graph.journey;
  const base::Instant since = context_.splits.counts_since(name);
  if (since == base::kNever) return false;
  const auto left = user.left_at(name, {});
  return user.in_journey(name) || (left && *left >= since);
}

void JourneyRunner::meet_goals(UserState& user, const engine::EventFact& event) {
  for (auto* seats : {&user.seats(), &user.measured()}) {
    for (Seat& seat : *seats) {
      meet_measures(user, seat, event);
      meet_goals(user, seat, event);
    }
  }
}

void JourneyRunner::meet_measures(UserState& user, Seat& seat, const engine::EventFact& event) {
  if (seat.enrollment.measure.open.empty()) return;
  const graph::Graph& graph = seat.journey->graph;
  const auto met =
      engine::meet_measures(graph, seat.enrollment, user.facts(context_.zones), event, record_.now);
  for (const engine::MeasureMet& each : met) {
    const auto& split = std::get<graph::Split>(graph.steps.at(each.split).action);
    context_.splits.succeeded(graph.journey, split, each.arm, each.since, record_);
  }
}

void JourneyRunner::meet_goals(UserState& user, Seat& seat, const engine::EventFact& event) {
  const graph::Graph& graph = seat.journey->graph;
  if (graph.goals.empty()) return;
  const auto met =
      engine::meet_goals(graph, seat.enrollment, user.facts(context_.zones), event, record_.now);
  for (const engine::GoalMet& each : met) count_goal(user, seat, each);
}

void JourneyRunner::count_goal(UserState& user, const Seat& seat, const engine::GoalMet& met) {
  const graph::Graph& graph = seat.journey->graph;
  const std::string& goal = graph.goals.at(met.goal).name;
  const std::string version = seat.journey->version.hex();
  record_.count(counter_name({"goals", graph.journey, version, goal}));
  const auto count_arm = [&](std::string_view split, std::string_view arm) {
    record_.count(counter_name({"goals_of_arm", graph.journey, version, goal, split, arm}));
  };
  if (graph.holdout > 0) count_arm(kHoldout, holdout_arm(seat.enrollment));
  for (const engine::ArmTaken& taken : seat.enrollment.measure.arms) {
    const graph::Step& step = graph.steps.at(taken.split);
    count_arm(step.identity, std::get<graph::Split>(step.action).arms.at(taken.arm).name);
  }
  if (const std::int64_t worth = thousandths(met.value); worth != 0) {
    record_.count(counter_name({"goal_values", graph.journey, version, goal}), worth);
  }
  std::string value;
  if (!met.value.is_missing()) graph::append_json(value, met.value);
  log(user, LogRecord::Kind::kGoal, &seat, goal, value);
}

}  // namespace sojourn::runtime
