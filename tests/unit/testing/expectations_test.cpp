// Which lines are met, and what is said of those that are not.
#include "testing/expectations.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

constexpr std::string_view kJourneys = R"(
journey trial {
  enter on signup
  exit  on purchase as bought
  send welcome with { plan: entry.plan, seats: user.seats }
  update user { stage: "begun" }
  send tips
  wait 1d
  send tour
  track finished { stage: user.stage }
}
journey other { enter on signup late: wait 12h send text }
)";

std::string failure_of(std::string_view lines) {
  return Tested(
             fmt::format("{}test trial \"it\" {{ at 2026-03-02T10:00Z\n{}\n}}\n", kJourneys, lines))
      .failure();
}

constexpr std::string_view kBegin =
    "user { phoneNumber: \"+1555\" }\nevent signup { plan: \"pro\" }\n";

std::string begun(std::string_view lines) {
  return failure_of(std::string(kBegin) + std::string(lines));
}

TEST(Expectations, LinesAreMetInTheOrderInWhichItHappened) {
  EXPECT_EQ(begun("expect send welcome expect update { stage: \"begun\" }\n"
                  "expect skip tips as no_consent expect at wait 1"),
            "");
  EXPECT_EQ(begun("expect send welcome expect skip tips as no_consent\n"
                  "expect update { stage: \"begun\" }"),
            "expected update { stage: \"begun\" }, but they are at `wait 1`");
}

TEST(Expectations, WhatIsNoSendMayBePassedOver) {
  EXPECT_EQ(begun("expect send welcome expect skip tips as no_consent"), "");
  EXPECT_EQ(begun("expect send welcome"), "");
}

TEST(Expectations, ASendMayNot) {
  EXPECT_EQ(begun("expect update { stage: \"begun\" }"),
            "expected update { stage: \"begun\" }, but `welcome` was sent");
  EXPECT_EQ(begun("expect at wait 1"), "no line expects the send of `welcome`");
  EXPECT_EQ(begun("after 1h"), "no line expects the send of `welcome`");
  EXPECT_EQ(begun("expect send welcome to the end"), "no line expects the send of `tour`");
}

TEST(Expectations, OnceMetALineIsUsedUp) {
  EXPECT_EQ(begun("expect send welcome expect send welcome"),
            "expected send welcome, but they are at `wait 1`");
}

TEST(Expectations, AStretchDoesNotReachBehindTheLastHappening) {
  EXPECT_EQ(begun("expect send welcome after 1h expect skip tips as no_consent"),
            "expected skip tips as no_consent, but they are at `wait 1`");
}

TEST(Expectations, DataIsASubset) {
  EXPECT_EQ(begun("expect send welcome {}"), "");
  EXPECT_EQ(begun("expect send welcome { seats: 1 }"), "");
  EXPECT_EQ(begun("expect send welcome { plan: \"pro\", seats: 1 }"), "");
  EXPECT_EQ(begun("expect send welcome { plan: \"pro\", seats: 2 }"),
            "expected send welcome { plan: \"pro\", seats: 2 }, but `seats` is 1");
  EXPECT_EQ(begun("expect send welcome { plan: missing }"),
            "expected send welcome { plan: missing }, but `plan` is \"pro\"");
}

TEST(Expectations, SendsOfOtherJourneysCountOnlyWhereALineSaysSo) {
  EXPECT_EQ(begun("expect send welcome after 13h"), "");
  EXPECT_EQ(begun("expect send welcome after 13h expect send text from other"), "");
  EXPECT_EQ(begun("expect send welcome after 13h expect send text from other\n"
                  "expect send text from other"),
            "expected send text, but they are at `wait 1`");
}

TEST(Expectations, PlacesAreThoseOfNow) {
  EXPECT_EQ(begun("expect send welcome expect in trial expect in other expect at wait 1"), "");
  EXPECT_EQ(begun("expect send welcome expect not in other"),
            "expected not in other, but they are in it");
  EXPECT_EQ(begun("expect send welcome after 13h expect in other"),
            "expected in other, but they are not in it");
  EXPECT_EQ(failure_of("event login expect at wait 1"),
            "expected at wait 1, but they are not in `trial`");
}

TEST(Expectations, AnExitIsNamedOrAny) {
  EXPECT_EQ(begun("expect send welcome event purchase { amount: 1 } expect exit"), "");
  EXPECT_EQ(begun("expect send welcome event purchase { amount: 1 } expect exit bought"), "");
  EXPECT_EQ(begun("expect send welcome event purchase { amount: 1 } expect exit completed"),
            "expected exit completed, but the exit is `bought`");
  EXPECT_EQ(begun("expect send welcome event purchase { amount: 1 } to the end expect exit"),
            "expected exit, but they have left as `bought`");
}

TEST(Expectations, AlwaysCountsSendsOfTheJourneyInAnyWindow) {
  const auto limited = [](std::string_view limit) {
    return failure_of(
        fmt::format("always at most {}\n{}expect send welcome\nto the end\n"
                    "expect send tour",
                    limit, kBegin));
  };
  // The two sends are 24 hours apart, and a window is open at one end.
  EXPECT_EQ(limited("1 sends per 24h"), "");
  EXPECT_EQ(limited("1 sends per 24h1m"),
            "`tour` is send number 2 in one window, where 1 is the most");
  EXPECT_EQ(limited("2 sends per 7d"), "");
  EXPECT_EQ(limited("0 sends per 1h"),
            "`welcome` is send number 1 in one window, where 0 is the most");
}

TEST(Expectations, AlwaysNotSendHoldsThroughout) {
  EXPECT_EQ(failure_of(fmt::format("always not send tips\n{}expect send welcome\nto the end\n"
                                   "expect send tour",
                                   kBegin)),
            "");
  EXPECT_EQ(failure_of(fmt::format("always not send tour\n{}expect send welcome\nto the end\n"
                                   "expect send tour",
                                   kBegin)),
            "`tour` was sent");
}

TEST(Expectations, AGoalIsTheOneThatIsNamed) {
  constexpr std::string_view kGoals =
      "journey trial { enter on signup goal back on login within 5d\n"
      "  goal bought on purchase within 5d wait 1d }\n"
      "test trial \"it\" { at 2026-03-02T10:00Z event signup event login ";
  EXPECT_EQ(Tested(fmt::format("{}expect goal back }}", kGoals)).failure(), "");
  EXPECT_EQ(Tested(fmt::format("{}expect goal bought }}", kGoals)).failure(),
            "expected goal bought, but found another");
}

TEST(Expectations, WhatIsWrittenAndTrackedIsAsTheLineSays) {
  EXPECT_EQ(begun("expect send welcome expect update { stage: \"ended\" }"),
            "expected update { stage: \"ended\" }, but `stage` is \"begun\"");
  constexpr std::string_view kTracks =
      "journey trial { enter on signup track finished { stage: \"a\" } wait 1d track login }\n"
      "test trial \"it\" { at 2026-03-02T10:00Z event signup ";
  EXPECT_EQ(Tested(fmt::format("{}expect track finished }}", kTracks)).failure(), "");
  EXPECT_EQ(Tested(fmt::format("{}expect track login }}", kTracks)).failure(),
            "expected track login, but found another");
}

}  // namespace
}  // namespace sojourn::testing
