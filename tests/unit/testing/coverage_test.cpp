#include "testing/coverage.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string counts(const Coverage::Report& report) {
  std::string text;
  for (const Coverage::Count& count : report.counts) {
    text += fmt::format("{}/{} ", count.reached, count.total);
  }
  text.pop_back();
  return text;
}

std::vector<std::string> missed(const Coverage::Report& report) {
  std::vector<std::string> what;
  for (const Coverage::Missed& missed : report.missed) what.push_back(missed.what);
  return what;
}

constexpr std::string_view kJourney = R"(
journey trial {
  enter on signup
  exit  on purchase as bought
  if user.plan == "pro" { send tour } else { wait 1d }
  wait for login up to 2d
  ladder: schedule around user.endsAt up to 60d missing exit as undated {
    2d before { send welcome }
    1d after  {}
  }
}
)";

// Steps, branches, timers, exits.
std::string counts_of(std::string_view tests) {
  return counts(Tested(fmt::format("{}{}", kJourney, tests)).covered());
}

TEST(Coverage, NothingIsReachedWithoutAnEntry) {
  EXPECT_EQ(counts_of("test trial \"it\" { at 2026-03-02T10:00Z to the end }"), "0/7 0/4 0/4 0/1");
}

TEST(Coverage, WhatWasReachedIsCountedByKind) {
  EXPECT_EQ(counts_of("test trial \"it\" { at 2026-03-02T10:00Z user { plan: \"pro\" }\n"
                      "  event signup expect send tour }"),
            "3/7 1/4 0/4 0/1");
  EXPECT_EQ(counts_of("test trial \"it\" { at 2026-03-02T10:00Z event signup to the end }"),
            "5/7 2/4 2/4 0/1");
  EXPECT_EQ(counts_of("test trial \"it\" { at 2026-03-02T10:00Z event signup\n"
                      "  event purchase { amount: 1 } }"),
            "2/7 1/4 0/4 1/1");
}

TEST(Coverage, AWaitIsReachedBeforeItEnds) {
  EXPECT_EQ(counts_of("test trial \"it\" { at 2026-03-02T10:00Z event signup }"),
            "2/7 1/4 0/4 0/1");
  EXPECT_EQ(counts_of("test trial \"it\" { at 2026-03-02T10:00Z event signup after 1d }"),
            "3/7 1/4 1/4 0/1");
}

TEST(Coverage, TestsAddUp) {
  const Tested tested(fmt::format(
      "{}{}", kJourney,
      "test trial \"a\" { at 2026-03-02T10:00Z user { plan: \"pro\", endsAt: 2026-04-01T10:00Z }\n"
      "  event signup expect send tour event login to the end expect send welcome }\n"
      "test trial \"b\" { at 2026-03-02T10:00Z event signup to the end }\n"
      "test trial \"c\" { at 2026-03-02T10:00Z event signup event purchase { amount: 1 } }\n"));
  EXPECT_EQ(counts(tested.covered()), "7/7 4/4 4/4 1/1");
  EXPECT_THAT(tested.covered().missed, IsEmpty());
  EXPECT_EQ(percent(tested.covered().sum()), 100);
}

TEST(Coverage, TheRestIsNamedInTheOrderOfTheText) {
  const Tested tested(
      fmt::format("{}{}", kJourney, "test trial \"it\" { at 2026-03-02T10:00Z event signup }"));
  EXPECT_THAT(
      missed(tested.covered()),
      ElementsAre("exit on purchase as bought", "`user.plan == \"pro\"` of `if 1`", "step `tour`",
                  "the end of `if 1.else.wait 1`", "step `wait for 1`", "`came` of `wait for 1`",
                  "`timeout` of `wait for 1`", "step `ladder`", "`2d before` of `ladder`",
                  "`1d after` of `ladder`", "`missing` of `ladder`", "step `ladder.missing.exit 1`",
                  "step `welcome`"));
}

TEST(Coverage, AMatchThatNamesEveryValueHasNoOtherWay) {
  const Tested tested(
      "journey trial { enter on signup\n"
      "  match user.plan default \"free\" { \"free\" {} \"pro\" { wait 1d } } }\n"
      "test trial \"it\" { at 2026-03-02T10:00Z event signup }\n");
  EXPECT_EQ(counts(tested.covered()), "1/2 1/2 0/1 0/0");
}

TEST(Coverage, OfSeveralThreadsIsAddedUp) {
  const Tested tested(
      fmt::format("{}{}", kJourney, "test trial \"it\" { at 2026-03-02T10:00Z event signup }"));
  Coverage sum = tested.empty_coverage();
  sum.add(tested.coverage());
  sum.add(tested.empty_coverage());
  EXPECT_EQ(counts(sum.report({true}).front()), counts(tested.covered()));
  EXPECT_THAT(sum.report({false}), IsEmpty());
}

TEST(Coverage, PercentsAreRoundedDown) {
  EXPECT_EQ(percent({199, 200}), 99);
  EXPECT_EQ(percent({200, 200}), 100);
  EXPECT_EQ(percent({0, 0}), 100);
  EXPECT_EQ(percent({0, 7}), 0);
}

}  // namespace
}  // namespace sojourn::testing
