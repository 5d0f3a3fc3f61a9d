#include "engine/holdout.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using test::calendar_days;
using test::GraphBuilder;
using test::OneUser;

graph::Graph journey(std::uint32_t share) {
  GraphBuilder b;
  b.graph().holdout = share;
  const auto wait = b.wait("wait", calendar_days(5));
  const auto start = b.step("start", graph::Start{.journey = "other", .next = wait});
  const auto tell = b.step("track", graph::Track{.event = "told", .next = start});
  const auto write = b.step(
      "update", graph::UpdateUser{.fields = b.object({{"stage", b.text("told")}}), .next = tell});
  const auto send = b.send("welcome", write);
  return b.build(send);
}

int held_out_of(const graph::Graph& graph, int users) {
  OneUser one(graph);
  int count = 0;
  for (int user = 1; user <= users; ++user) {
    if (is_held_out(graph, one.facts(), static_cast<std::uint64_t>(user))) ++count;
  }
  return count;
}

TEST(Holdout, AShareOfThePeopleIsHeldOut) {
  EXPECT_EQ(held_out_of(journey(0), 10'000), 0);
  EXPECT_NEAR(held_out_of(journey(500), 10'000), 500, 100);
  EXPECT_NEAR(held_out_of(journey(9'999), 10'000), 9'999, 10);
}

TEST(Holdout, AWiderShareKeepsThoseWhoWereHeldOut) {
  const graph::Graph narrow = journey(500);
  const graph::Graph wide = journey(1'000);
  OneUser one(narrow);
  for (std::uint64_t user = 1; user <= 2'000; ++user) {
    if (!is_held_out(narrow, one.facts(), user)) continue;
    ASSERT_TRUE(is_held_out(wide, one.facts(), user)) << user;
  }
}

TEST(Holdout, WhoIsHeldOutPassesTheStepsAndGetsNothing) {
  OneUser user(journey(9'999));
  user.enters();
  EXPECT_TRUE(user.enrollment->measure.held_out);
  const auto decision = user.decides({.needs_email = true});
  EXPECT_EQ(std::get<SendSkipped>(decision).reason, "holdout");
  EXPECT_FALSE(std::get<SendSkipped>(decision).unreachable);
  user.effects();
  user.delivered(DeliveryEnded::Result::kSkipped);
  EXPECT_EQ(user.effects(), "") << "nothing is written, tracked or started";
  EXPECT_EQ(user.place(), "wait");
}

TEST(Holdout, InATestNobodyIsHeldOutUnlessAssigned) {
  const graph::Graph graph = journey(9'999);
  OneUser one(graph);
  Facts facts{one.profile, one.history, one.zones, {}, true};
  EXPECT_FALSE(is_held_out(graph, facts, 7));
  const std::vector<AssignedArm> arms{{"trial", "holdout"}};
  facts.assigned = arms;
  EXPECT_TRUE(is_held_out(graph, facts, 7));
}

TEST(Holdout, TwoJourneysHoldOutOtherPeople) {
  const graph::Graph first = journey(5'000);
  graph::Graph second = first;
  second.journey = "another";
  OneUser one(first);
  int both = 0;
  for (std::uint64_t user = 1; user <= 10'000; ++user) {
    if (is_held_out(first, one.facts(), user) && is_held_out(second, one.facts(), user)) ++both;
  }
  EXPECT_NEAR(both, 2'500, 250);
}

TEST(Holdout, ThatOfThePolicyHoldsMarketingBackAndNothingElse) {
  OneUser user(journey(0));
  user.profile.fields["email"] = graph::Value("ada@example.com");
  user.enters();
  graph::SendingRules rules;
  rules.holdouts = {{"nobody", 0}, {"everybody", 10'000}};
  graph::MessageKind kind;
  EXPECT_EQ(std::get<SendSkipped>(user.decides({.kind = kind, .rules = &rules})).reason, "holdout");
  kind.marketing = false;
  EXPECT_TRUE(std::holds_alternative<SendNow>(user.decides({.kind = kind, .rules = &rules})));
  EXPECT_FALSE(user.enrollment->measure.held_out);
}

TEST(Holdout, TwoOfThemHoldOutOtherPeople) {
  OneUser one(journey(0));
  graph::SendingRules first;
  first.holdouts = {{"first", 5'000}};
  graph::SendingRules second;
  second.holdouts = {{"second", 5'000}};
  int both = 0;
  for (std::uint64_t user = 1; user <= 10'000; ++user) {
    if (is_held_out(first, one.facts(), user) && is_held_out(second, one.facts(), user)) ++both;
  }
  EXPECT_NEAR(both, 2'500, 250);
}

}  // namespace
}  // namespace sojourn::engine
