// The door: assertions, what is said when they do not hold, and the table.
#include "proof/prove.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "proof/test_text.h"
#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using base::days24;
using base::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::optional<Disproof> disproof(const test::Written& journey, const Assertion& assertion) {
  return Prover(journey.graph(), journey.program.catalog).disprove(assertion);
}

// Why the assertion does not hold; empty when it does.
std::string why_not(std::string_view body, const Assertion& assertion,
                    std::string_view clauses = {}) {
  const test::Written journey = test::written(body, clauses);
  const auto found = disproof(journey, assertion);
  return found ? found->why : std::string();
}

constexpr std::string_view kTwo = "send a wait 24h send b";

TEST(Prove, AtMost) {
  EXPECT_EQ(why_not(kTwo, AtMost{{}, 2, std::nullopt}), "");
  EXPECT_EQ(why_not(kTwo, AtMost{{}, 1, std::nullopt}), "one enrollment can send 2 messages");
  EXPECT_EQ(why_not(kTwo, AtMost{{}, 1, hours(24)}), "");
  EXPECT_EQ(why_not(kTwo, AtMost{{}, 1, hours(25)}),
            "one enrollment can send 2 messages within 1d1h");
  EXPECT_EQ(why_not(kTwo, AtMost{{Target::Kind::kCampaign, "a"}, 0, std::nullopt}),
            "one enrollment can send 1 message of `a`");
}

TEST(Prove, EndsWithin) {
  EXPECT_EQ(why_not("wait 24h", EndsWithin{hours(24)}), "");
  EXPECT_EQ(why_not("wait 24h", EndsWithin{hours(23)}), "one enrollment can last 1d");
  EXPECT_EQ(why_not("wait until user.t past continue missing exit", EndsWithin{days24(900)}),
            "`wait until 1` has no proved end");
}

TEST(Prove, TheQueueOfPaceIsPartOfTheTime) {
  constexpr std::string_view kPace = "pace 100 per 1h up to 2h else drop";
  EXPECT_EQ(why_not("wait 24h", EndsWithin{hours(26)}, kPace), "");
  EXPECT_EQ(why_not("wait 24h", EndsWithin{hours(25)}, kPace), "one enrollment can last 1d2h");
}

// A date that moves while the first rung runs can put the second in the past.
TEST(Prove, ARungInTheMiddleCanBeLeftOut) {
  EXPECT_EQ(why_not("schedule around user.t missing exit { 10d before { send a } "
                    "5d before { wait 72h } 1d before { send b } }",
                    AtMost{{}, 1, hours(48)}),
            "one enrollment can send 2 messages within 2d");
}

TEST(Prove, Reaches) {
  const test::Written journey = test::written("if user.flag { x: send a }");
  const auto found = disproof(journey, Reaches{journey.step("x")});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->why, "one enrollment can complete without `x`");
  EXPECT_FALSE(disproof(journey, Reaches{journey.step("if 1")}).has_value());
}

TEST(Prove, NoSendAfterAnEventThatAlwaysExits) {
  const NoSendAfter assertion{{}, {"stop", {}, graph::kNoExpr}};
  EXPECT_EQ(why_not("send a", assertion, "exit on stop"), "");
  EXPECT_EQ(why_not("send a", assertion), "a message can leave after `stop`");
  EXPECT_EQ(why_not("send a", assertion, "exit on login"), "a message can leave after `stop`");
  EXPECT_EQ(why_not("send a", assertion, "exit on stop where event.reason == \"x\""),
            "a message can leave after `stop`");
  EXPECT_EQ(why_not("wait 1d", assertion), "");
}

TEST(Prove, TheWitnessIsATimelineAndATest) {
  const test::Written journey =
      test::written("send a wait for login up to 1d {} timeout { send b }");
  const auto found = disproof(journey, AtMost{{}, 1, std::nullopt});
  ASSERT_TRUE(found && found->witness);
  EXPECT_THAT(timeline(journey.graph(), *found->witness),
              ElementsAre("+0s  enter on signup", "+0s  send a: message 1",
                          "+1d  wait for 1: timeout", "+1d  send b: message 2"));
  EXPECT_EQ(test_text(journey.graph(), journey.program.catalog, *found->witness, "two"),
            "test j \"two\" {\n"
            "  at 2026-03-02T09:00Z\n"
            "  user { email: \"ada@example.com\", phoneNumber: \"+15550100\" }\n"
            "  subscribed news\n"
            "  event signup { t: 2026-03-02T09:00Z }\n"
            "  expect send a\n"
            "  after 1d\n"
            "  expect send b\n"
            "}\n");
}

TEST(Prove, BoundsOfEveryKindOfMessage) {
  const test::Written journey = test::written("send a wait 24h send p send r");
  const JourneyBounds bounds = Prover(journey.graph(), journey.program.catalog).bounds();
  std::vector<std::string> rows;
  for (const SendBounds& row : bounds.sends) {
    rows.push_back(row.target.name + " " + std::to_string(*row.in_all) + " " +
                   std::to_string(*row.per_day) + " " + std::to_string(*row.per_week));
  }
  EXPECT_THAT(rows, ElementsAre(" 3 2 3", "email 2 1 2", "push 1 1 1", "account 1 1 1",
                                "news 2 1 2", "a 1 1 1", "p 1 1 1", "r 1 1 1"));
  EXPECT_EQ(bounds.end.at, days24(1 + 3 * 3));
}

TEST(Prove, OnePerMakesTheUserUnbounded) {
  const auto once = [](std::string_view clauses) {
    const test::Written journey = test::written("send a", clauses);
    return Prover(journey.graph(), journey.program.catalog).bounds().enrollments.once();
  };
  EXPECT_TRUE(once(""));
  EXPECT_FALSE(once("one per entry.t"));
}

TEST(Prove, RestartsCountToTheEnrollment) {
  const test::Written journey = test::written("send a", "while enrolled restart up to 2 times");
  const Prover prover(journey.graph(), journey.program.catalog);
  EXPECT_EQ(prover.bounds().sends.at(0).in_all, 3U);
  EXPECT_FALSE(prover.disprove(AtMost{{}, 3, std::nullopt}));
  const auto found = prover.disprove(AtMost{{}, 2, std::nullopt});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->why, "one enrollment can send 3 messages");
  EXPECT_EQ(found->hint,
            "each of up to 3 enrollments in a row sends so much: `while enrolled restart`");
  EXPECT_TRUE(found->witness);
}

TEST(Prove, JourneysAddUpForOneUser) {
  JourneyBounds one;
  one.enrollments = {1, 1, 1, 1};
  one.sends = {{Target{}, 3, 2, 3}, {Target{Target::Kind::kMedium, "push"}, 1, 1, 1}};
  JourneyBounds other;
  other.enrollments = {1, 2, 1, 2};
  other.sends = {{Target{}, 2, 1, 2}, {Target{Target::Kind::kMedium, "email"}, 2, 1, 2}};
  const auto sum = sum_per_user({one, other});
  ASSERT_EQ(sum.size(), 3U);
  EXPECT_EQ(sum[0].in_all, 7U);
  EXPECT_EQ(sum[0].per_day, 3U);
  EXPECT_EQ(sum[1].target.name, "email");
  EXPECT_EQ(sum[1].in_all, 4U);
  // Nobody bounds how many enrollments `other` has of one user.
  other.enrollments = {1, std::nullopt, std::nullopt, std::nullopt};
  const auto unbounded = sum_per_user({one, other});
  EXPECT_EQ(unbounded[0].in_all, std::nullopt);
  EXPECT_EQ(unbounded[1].in_all, std::nullopt);
  EXPECT_EQ(unbounded[2].in_all, 1U);
}

}  // namespace
}  // namespace sojourn::proof
