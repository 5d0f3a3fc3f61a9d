#include "engine/enrollment_fit.h"

#include <functional>
#include <gtest/gtest.h>
#include <vector>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::instant;

enum At : graph::StepIndex { kSplit, kPlainSplit, kSchedule, kRepeat, kSteps };

// One step of each kind that an enrollment says more of than its number.
graph::Graph every_kind() {
  graph::Graph graph;
  graph.journey = "j";
  graph.entry_fields = {"plan", "score"};
  graph.local_count = 1;
  graph.goals.resize(2);
  graph.exits = {graph::ExitOnEvent{}, graph::ExitWhen{}};
  graph.steps.resize(kSteps);
  graph::Split split;
  split.arms.resize(2);
  graph.steps[kPlainSplit].action = split;
  split.measure = graph::SplitMeasure{};
  graph.steps[kSplit].action = split;
  graph::Schedule schedule;
  schedule.rungs.resize(3);
  graph.steps[kSchedule].action = schedule;
  graph.steps[kRepeat].action = graph::Repeat{};
  return graph;
}

Enrollment fitting() {
  const auto then = instant("2026-03-01T09:00:00Z");
  Enrollment e;
  e.user = 42;
  e.number = 3;
  e.entered_at = e.entry_created_at = e.arrived_at = then;
  e.entry_fields = {Value("pro"), Value()};
  e.locals = {Value("x")};
  e.at = kSchedule;
  e.timers = {{Timer::Purpose::kRung, 2, then, std::nullopt}};
  e.schedules = {{kSchedule, then, 0b111, 2}};
  e.loops = {{kRepeat, 5}};
  e.held = {{1, then}};
  e.measure.goals_met = 0b11;
  e.measure.arms = {{kSplit, 1}, {kPlainSplit, 0}};
  e.measure.open = {{kSplit, then}};
  return e;
}

TEST(EnrollmentFit, WhatSaysOnlyWhatTheGraphHasFits) {
  EXPECT_TRUE(fits(fitting(), every_kind()));
}

TEST(EnrollmentFit, WhatSaysMoreDoesNot) {
  const auto then = instant("2026-03-01T09:00:00Z");
  const std::vector<std::pair<const char*, std::function<void(Enrollment&)>>> damages{
      {"a field of the entry", [](Enrollment& e) { e.entry_fields.emplace_back(); }},
      {"a value", [](Enrollment& e) { e.locals.emplace_back(); }},
      {"the timer of a rung", [](Enrollment& e) { e.timers[0].index = 3; }},
      {"the timer of a rung elsewhere", [](Enrollment& e) { e.at = kSplit; }},
      {"a rung that is done", [](Enrollment& e) { e.schedules[0].done = 0b1000; }},
      {"a rung that runs", [](Enrollment& e) { e.schedules[0].running = 3; }},
      {"another step as a schedule", [](Enrollment& e) { e.schedules[0].step = kRepeat; }},
      {"another step as a loop", [](Enrollment& e) { e.loops[0].step = kSchedule; }},
      {"a step beyond the last", [](Enrollment& e) { e.loops[0].step = kSteps; }},
      {"a rule", [](Enrollment& e) { e.held[0].rule = 2; }},
      {"a rule of an event as a standing one", [](Enrollment& e) { e.held[0].rule = 0; }},
      {"a goal", [](Enrollment& e) { e.measure.goals_met = 0b100; }},
      {"an arm", [](Enrollment& e) { e.measure.arms[0].arm = 2; }},
      {"another step as a split", [](Enrollment& e) { e.measure.arms[0].split = kRepeat; }},
      {"a split without a measure",
       [&](Enrollment& e) { e.measure.open = {{kPlainSplit, then}}; }}};
  for (const auto& [what, damage] : damages) {
    Enrollment e = fitting();
    damage(e);
    EXPECT_FALSE(fits(e, every_kind())) << what;
  }
}

TEST(EnrollmentFit, WhatIsReadFitsAndIsAliveWhereItHasToBe) {
  const graph::Graph graph = every_kind();
  const StepNumbers numbers(std::vector<std::uint32_t>{1, 2, 3, 4});
  Enrollment e = fitting();
  EXPECT_TRUE(read_live_enrollment(encode(e, numbers), 42, 3, graph, numbers).has_value());
  e.entry_fields.emplace_back();
  const auto misfit = read_enrollment(encode(e, numbers), 42, 3, graph, numbers);
  ASSERT_FALSE(misfit.has_value());
  EXPECT_EQ(misfit.error().message, "a stored enrollment is damaged: it does not fit its journey");

  Enrollment ended = fitting();
  ended.exit_reason = "left";
  ended.at = graph::kCompleted;
  ended.timers.clear();
  EXPECT_TRUE(read_enrollment(encode(ended, numbers), 42, 3, graph, numbers).has_value());
  const auto inside = read_live_enrollment(encode(ended, numbers), 42, 3, graph, numbers);
  ASSERT_FALSE(inside.has_value());
  EXPECT_EQ(inside.error().message, "a stored enrollment is damaged: it has ended");
}

}  // namespace
}  // namespace sojourn::engine
