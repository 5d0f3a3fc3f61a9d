// What the lines of one `test` block are checked in. Lives for the one block.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/check_test.h"
#include "dsl/expression_context.h"

namespace sojourn::dsl {

struct TestContext {
  ExpressionContext& expressions;
  const World& world;
  Report& report;
  const SoundJourneys& journeys;
  // The one under test; null when it is unknown or has faults of its own.
  const CompiledJourney* journey = nullptr;
  TestPlan& plan;

  // Something has happened: what was given at the start is behind.
  bool has_begun = false;
  // A time that the test has reached at the least; none while that is unknown.
  std::optional<base::Instant> earliest;
};

// test_values.cpp: what stands in braces, and lengths and points of time.

// `fields` as declared; `whole`: every one that must be there has to be given.
std::vector<TestField> check_test_data(TestContext& context, const ast::Map* map,
                                       const std::vector<graph::TypedField>& fields,
                                       std::string_view kind, std::string_view owner, bool whole,
                                       Span place);
std::vector<TestField> check_test_profile(TestContext& context, const ast::Map& map);
// All rows, at the head of the block; binds `case`.
void check_test_cases(TestContext& context, const std::vector<const ast::CaseLine*>& rows);
graph::ExprId check_test_value(TestContext& context, const ast::Expr& expr, graph::Type::Kind kind,
                               std::string_view needer);
// Moves `earliest` on. Reports a time that lies before it.
void follow_time(TestContext& context, const TimePasses& passes, Span place);

// test_expectations.cpp: what the lines after `expect` and `always` name.

TestAction check_expectation(TestContext& context, const ast::ExpectSend& line);
TestAction check_expectation(TestContext& context, const ast::ExpectSkip& line);
TestAction check_expectation(TestContext& context, const ast::ExpectUpdate& line);
TestAction check_expectation(TestContext& context, const ast::ExpectTrack& line);
TestAction check_expectation(TestContext& context, const ast::ExpectAt& line);
TestAction check_expectation(TestContext& context, const ast::ExpectExit& line);
TestAction check_expectation(TestContext& context, const ast::ExpectGoal& line);
TestAction check_expectation(TestContext& context, const ast::ExpectIn& line);
TestAction check_always(TestContext& context, const ast::AlwaysAtMost& line);
TestAction check_always(TestContext& context, const ast::AlwaysNotSend& line);
TestAction check_engages(TestContext& context, const ast::EngagementLine& line);
TestAction check_assigned_arm(TestContext& context, const ast::AssignLine& line);

}  // namespace sojourn::dsl
