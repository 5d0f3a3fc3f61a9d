// Time, cases, and who is meant.
#include "testing/runner.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

std::string failure_of(std::string_view text) {
  return Tested(text).failure();
}

constexpr std::string_view kTwoSends = R"(
journey trial {
  enter on signup
  send welcome
  wait 1d
  send tour
}
)";

std::string with_two_sends(std::string_view lines) {
  return fmt::format("{}test trial \"it\" {{ at 2026-03-28T10:00[Europe/Berlin]\n{}\n}}\n",
                     kTwoSends, lines);
}

TEST(Runner, DaysAreLocalAndHoursElapse) {
  // The clocks go forward in the night between: the local day has 23 hours.
  EXPECT_EQ(failure_of(with_two_sends("event signup expect send welcome\n"
                                      "after 1d expect send tour")),
            "");
  EXPECT_EQ(failure_of(with_two_sends("event signup expect send welcome\n"
                                      "after 23h expect send tour")),
            "");
  EXPECT_EQ(failure_of(with_two_sends("event signup expect send welcome\n"
                                      "after 22h59m expect send tour")),
            "expected send tour, but they are at `wait 1`");
}

TEST(Runner, ALocalDayMayHave25Hours) {
  const auto back = [](std::string_view lines) {
    return failure_of(
        fmt::format("{}test trial \"it\" {{ at 2026-10-24T10:00[Europe/Berlin] event signup\n"
                    "expect send welcome {} }}\n",
                    kTwoSends, lines));
  };
  EXPECT_EQ(back("after 1d expect send tour"), "");
  EXPECT_EQ(back("after 24h expect at wait 1"), "");
}

TEST(Runner, AnEntryByTheApiIsIntoTheJourneyThatTheLineNames) {
  EXPECT_EQ(
      failure_of("journey trial { enter on api send tour }\n"
                 "journey other { enter on api { plan string? }\n"
                 "  send welcome with { plan: entry.plan } }\n"
                 "test trial \"it\" { at 2026-03-01T10:00Z enter other { plan: \"pro\" }\n"
                 "  expect send welcome { plan: \"pro\" } from other expect not in trial }\n"),
      "");
}

TEST(Runner, TimeGoesByTheZoneOfThePerson) {
  EXPECT_EQ(failure_of(with_two_sends("user { timeZone: \"Asia/Tokyo\" }\n"
                                      "event signup expect send welcome\n"
                                      "after 23h59m expect at wait 1\n"
                                      "after 1m expect send tour")),
            "");
}

TEST(Runner, ATimerComesBeforeAnEventOfTheSameInstant) {
  EXPECT_EQ(failure_of("journey trial { enter on signup exit on purchase as bought\n"
                       "  wait 24h send tour }\n"
                       "test trial \"it\" { at 2026-03-01T10:00Z event signup after 24h\n"
                       "  expect send tour expect exit completed event purchase { amount: 1 } }\n"),
            "");
}

TEST(Runner, AYearAndMoreIsFollowedToTheEnd) {
  EXPECT_EQ(failure_of("journey trial { enter on signup wait 3y send tour }\n"
                       "test trial \"it\" { at 2026-03-01T10:00Z event signup\n"
                       "  until 2029-03-01T09:59Z until 2029-03-01T10:00Z expect send tour }\n"),
            "");
}

TEST(Runner, TimeThatWouldRunBackwardsFailsWhereItIsComputed) {
  EXPECT_EQ(failure_of("journey trial { enter on signup wait 1d }\n"
                       "test trial \"it\" { case one { end: 2026-02-01T10:00Z }\n"
                       "  at 2026-03-01T10:00Z until case.end }\n"),
            "time would run backwards");
}

TEST(Runner, ALateEventHappenedEarlierThanItCame) {
  constexpr std::string_view kAround =
      "journey trial {{ enter on signup\n"
      "  schedule around entry.createdAt {{ 2h after {{ send tour }} }} }}\n"
      "test trial \"it\" {{ at 2026-03-01T10:00Z\n"
      "  event signup {} after 1h expect send tour }}\n";
  EXPECT_EQ(failure_of(fmt::format(kAround, "arrives late by 1h")), "");
  EXPECT_NE(failure_of(fmt::format(kAround, "")), "");
}

TEST(Runner, EachCaseIsOneRun) {
  const Tested tested(
      "journey trial { enter on signup send welcome with { plan: entry.plan } }\n"
      "test trial \"it\" { case pro { plan: \"pro\" } case free { plan: \"free\" } case none {}\n"
      "  at 2026-03-01T10:00Z event signup { plan: case.plan }\n"
      "  expect send welcome { plan: \"free\" } }\n");
  ASSERT_EQ(tested.results().size(), 3U);
  EXPECT_EQ(name_of(tested.results()[0]), "trial \"it\" case pro");
  EXPECT_EQ(tested.failure(), "expected send welcome { plan: \"free\" }, but `plan` is \"pro\"");
  EXPECT_FALSE(tested.results()[1].failure.has_value());
  ASSERT_TRUE(tested.results()[2].failure.has_value());
  EXPECT_EQ(tested.results()[2].failure->message,
            "expected send welcome { plan: \"free\" }, but `plan` is missing");
}

std::string split_of(std::string_view lines) {
  return fmt::format(
      "journey trial {{ enter on signup split arms {{ 50% a {{ send tour }} 50% b {{ send welcome "
      "}} "
      "}} }}\ntest trial \"it\" {{ at 2026-03-01T10:00Z {} }}\n",
      lines);
}

TEST(Runner, TheHashOfThePersonDecidesASplitThatNobodyAssigned) {
  int tours = 0;
  constexpr int kPeople = 100;
  for (int i = 0; i < kPeople; ++i) {
    const std::string text = split_of(
        fmt::format("user {{ email: \"p{}@example.com\" }} event signup expect send tour", i));
    const std::string failure = failure_of(text);
    EXPECT_EQ(failure_of(text), failure);
    if (failure.empty()) ++tours;
  }
  EXPECT_GT(tours, kPeople / 4);
  EXPECT_LT(tours, kPeople * 3 / 4);
}

TEST(Runner, AnAssignedArmIsTakenWhoeverItIs) {
  for (int i = 0; i < 20; ++i) {
    const std::string who = fmt::format("user {{ email: \"p{}@example.com\" }}", i);
    EXPECT_EQ(failure_of(split_of(who + " assign arms a event signup expect send tour")), "");
    EXPECT_EQ(failure_of(split_of(who + " assign arms b event signup expect send welcome")), "");
  }
}

TEST(Runner, AnArmIsAssignedForTheJourneyUnderTestOnly) {
  int others = 0;
  for (int i = 0; i < 20; ++i) {
    const Tested tested(
        split_of(fmt::format("user {{ email: \"p{}@example.com\" }} assign arms a event signup\n"
                             "  expect send tour from other expect send tour",
                             i)) +
        "journey other { enter on signup split arms { 50% a { send tour } 50% b {} } }\n");
    if (!tested.failure().empty()) ++others;
  }
  EXPECT_GT(others, 0);
  EXPECT_LT(others, 20);
}

// What `sojourn check` would let through if it overlooked a circle: each journey may be entered
// again at once, whatever it says.
std::string failure_with_everybody_back(std::string_view text) {
  const auto zones = tzdata::SystemZones::open();
  const std::vector<dsl::SourceText> sources = {{"world.journey", std::string(Tested::kWorld)},
                                                {"trial.journey", std::string(text)}};
  dsl::Compilation compiled = dsl::compile(sources, **zones);
  if (!compiled.program) return dsl::render_text(compiled.diagnostics, compiled.files, {});
  for (dsl::CompiledJourney& journey : compiled.program->journeys) {
    journey.graph.reentry.kind = graph::Reentry::Kind::kAlways;
  }
  const TestProgram program(*compiled.program);
  Coverage coverage(program);
  const TestResult result =
      run_test(program, {compiled.program->tests.data(), nullptr}, **zones, coverage);
  return result.failure ? result.failure->message : "";
}

TEST(Runner, WhoGoesRoundWithoutEndFailsTheTest) {
  EXPECT_EQ(failure_with_everybody_back(
                "journey trial { enter on signup enter when not in journey trial send tour }\n"
                "test trial \"it\" { at 2026-03-01T10:00Z event signup to the end }\n"),
            "the journey `trial` is entered more than 1000 times at one instant");
  EXPECT_EQ(failure_with_everybody_back(
                "journey trial { enter on signup enter on sent welcome send tour }\n"
                "journey other { enter on sent tour send welcome }\n"
                "test trial \"it\" { at 2026-03-01T10:00Z event signup }\n"),
            "the journey `trial` is entered more than 1000 times at one instant");
}

TEST(Runner, ToBeInAgainAndAgainAtOnceIsNotWithoutEnd) {
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += "event signup\n";
  EXPECT_EQ(failure_of("journey trial { enter on signup reenter always exit as seen }\n"
                       "test trial \"it\" { at 2026-03-01T10:00Z " +
                       lines + "expect exit seen }\n"),
            "");
}

}  // namespace
}  // namespace sojourn::testing
