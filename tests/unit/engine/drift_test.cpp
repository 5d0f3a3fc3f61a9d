#include "engine/drift.h"

#include <gtest/gtest.h>

#include "engine/standing.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"
#include "tests/unit/engine/watched.h"

namespace sojourn::engine {
namespace {

using graph::ExprId;
using graph::Op;
using graph::WhenEntry;
using graph::Window;
using test::GraphBuilder;
using test::Watched;

ExprId count_logins(GraphBuilder& b, Window::Kind kind, std::vector<ExprId> where = {}) {
  graph::Expression count;
  count.op = Op::kCountEvents;
  count.name = "login";
  count.arguments = std::move(where);
  count.window = {kind, kind == Window::Kind::kWithin ? base::days24(7) : base::Millis{}, {}};
  return b.add(std::move(count));
}

class DriftTest : public testing::Test {
 protected:
  ExprId recent() { return count_logins(b, Window::Kind::kWithin); }
  ExprId at_least(std::int64_t few) { return b.op(Op::kGreaterEqual, {recent(), b.integer(few)}); }
  Drift of(ExprId expression) { return drift_of(b.graph(), expression); }

  GraphBuilder b;
};

TEST_F(DriftTest, AWindowThatMovesAlongOnlyLosesEvents) {
  EXPECT_EQ(of(recent()), Drift::kFalls);
  EXPECT_EQ(of(at_least(3)), Drift::kFalls);
  EXPECT_EQ(of(b.op(Op::kLess, {recent(), b.integer(3)})), Drift::kRises);
  EXPECT_EQ(of(b.op(Op::kLess, {b.integer(3), recent()})), Drift::kFalls);
  EXPECT_EQ(of(b.op(Op::kNot, {at_least(3)})), Drift::kRises);
  EXPECT_EQ(of(b.op(Op::kAnd, {at_least(3), b.equal(b.user("plan"), b.text("pro"))})),
            Drift::kFalls);
}

TEST_F(DriftTest, NoEventsAreTheFewestThereCanBe) {
  EXPECT_EQ(of(b.equal(recent(), b.integer(0))), Drift::kRises);
  EXPECT_EQ(of(b.op(Op::kNotEqual, {recent(), b.integer(0)})), Drift::kFalls);
  EXPECT_EQ(of(b.equal(recent(), b.integer(1))), Drift::kUnknown) << "two, one, none";
}

TEST_F(DriftTest, WhatGoesBothWaysIsNotKnown) {
  EXPECT_EQ(of(b.op(Op::kOr, {at_least(3), b.op(Op::kNot, {at_least(5)})})), Drift::kUnknown);
  EXPECT_EQ(of(b.op(Op::kSubtract, {recent(), recent()})), Drift::kUnknown);
  EXPECT_EQ(of(b.op(Op::kNow, {})), Drift::kUnknown);
  graph::Expression sum;
  sum.op = Op::kSumEvents;
  sum.name = "login";
  sum.arguments = {b.event("points")};
  sum.window = {Window::Kind::kWithin, base::days24(7), {}};
  EXPECT_EQ(of(b.add(std::move(sum))), Drift::kUnknown) << "what leaves may be below zero";
  EXPECT_EQ(of(count_logins(b, Window::Kind::kWithin, {at_least(1)})), Drift::kUnknown)
      << "the condition inside may change, too";
}

TEST_F(DriftTest, WhatDoesNotReadTheTimeStays) {
  EXPECT_EQ(of(b.equal(b.user("plan"), b.text("pro"))), Drift::kNone);
  EXPECT_EQ(of(count_logins(b, Window::Kind::kAll)), Drift::kNone);
}

// The one that matters is behind more than kMaxInstantsLookedAt others.
TEST(Drift, TheInstantAtWhichAManyTimesMetConditionEndsIsFoundAtOnce) {
  GraphBuilder b;
  const ExprId few = b.op(Op::kLess, {count_logins(b, Window::Kind::kWithin), b.integer(3)});
  Watched ada(b, WhenEntry{few});
  EXPECT_EQ(ada.event("login"), "");
  for (std::size_t login = 1; login < kMaxInstantsLookedAt + 40; ++login) {
    ada.user().now = ada.user().now + base::minutes(1);
    ada.event("login");
  }
  // The last but two, a week later.
  const base::Instant third = ada.user().now - base::minutes(2);
  EXPECT_EQ(ada.due(), base::to_iso8601(third + base::days24(7) + base::Millis{1}));
  const std::string comes = ada.due();
  EXPECT_EQ(ada.passes(), comes);
  EXPECT_EQ(ada.due(), "") << "only logins make it false";
}

}  // namespace
}  // namespace sojourn::engine
