#include "engine/newcomers.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::DateEntry;
using graph::OneTimeEntry;
using graph::Op;
using graph::Value;
using graph::WhenEntry;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

using Rule = decltype(graph::WatchedEntry::rule);

// A journey that people are watched for by these rules, and somebody of whom nothing is known.
class NewcomersTest : public testing::Test {
 protected:
  void watch(Rule rule) { b.graph().watched.push_back({0, std::move(rule)}); }
  Newcomers found() {
    user.emplace(b.build(graph::kCompleted));
    graphs = {&user->graph()};
    plan.emplace(graphs);
    return find_newcomers(*plan, user->facts(), user->now);
  }

  GraphBuilder b;
  std::optional<OneUser> user;
  std::vector<const graph::Graph*> graphs;
  std::optional<WatchPlan> plan;
};

TEST_F(NewcomersTest, WhatHoldsOfNobodyInParticularIsLookedAtOnce) {
  watch(WhenEntry{b.equal(b.user("plan"), b.text("pro"))});
  watch(WhenEntry{b.op(Op::kNot, {b.equal(b.user("plan"), b.text("pro"))})});
  const Newcomers newcomers = found();
  EXPECT_TRUE(newcomers.others.empty());
  ASSERT_EQ(newcomers.alike.size(), 1U);
  EXPECT_EQ(newcomers.alike[0], (KnownWatch{1, Watch{true, {}, {}, {}}}));
}

TEST_F(NewcomersTest, WhoItIsIsAskedOfEach) {
  watch(WhenEntry{b.equal(b.user("email"), b.text("ada@example.com"))});
  watch(WhenEntry{b.equal(b.user("userId"), b.text("ada"))});
  const Newcomers newcomers = found();
  EXPECT_EQ(newcomers.others, (std::vector<RuleIndex>{0, 1}));
  EXPECT_TRUE(newcomers.alike.empty());
}

TEST_F(NewcomersTest, AMomentDependsOnWhenSomebodyComes) {
  DateEntry date;
  date.date = b.user("ends");
  watch(date);
  watch(OneTimeEntry{instant("2026-03-01T09:01Z"), b.equal(b.user("plan"), b.text("pro"))});
  EXPECT_EQ(found().others, (std::vector<RuleIndex>{1})) << "a date that nobody has does not come";
}

TEST_F(NewcomersTest, TheZoneIsPartOfWhatIsRead) {
  b.zone(b.user("email"));
  watch(WhenEntry{b.equal(b.user("plan"), b.text("pro"))});
  EXPECT_EQ(found().others, (std::vector<RuleIndex>{0}));
}

TEST_F(NewcomersTest, AUserBeginsAsALookAtEachRuleWouldHaveIt) {
  watch(WhenEntry{b.op(Op::kNot, {b.equal(b.user("plan"), b.text("pro"))})});
  watch(OneTimeEntry{instant("2026-03-05T09:00Z"), b.equal(b.user("plan"), b.text("pro"))});
  watch(WhenEntry{b.equal(b.user("plan"), b.text("pro"))});
  watch(WhenEntry{b.op(Op::kNot, {b.equal(b.user("email"), b.text("ada"))})});
  const Newcomers newcomers = found();
  EXPECT_EQ(newcomers.others, (std::vector<RuleIndex>{1, 3}));
  Watches each;
  each.begin(*plan, user->facts(), user->now);
  Watches at_once;
  at_once.begin(*plan, newcomers, user->facts(), user->now);
  EXPECT_TRUE(at_once.begun());
  EXPECT_TRUE(at_once.to_be_stored());
  EXPECT_EQ(each.known().size(), 3U);
  EXPECT_TRUE(std::ranges::equal(at_once.known(), each.known()));
  EXPECT_EQ(at_once.next_due(), each.next_due());
}

}  // namespace
}  // namespace sojourn::engine
