#include "proof/assumption.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/proof/typed_fields.h"

namespace sojourn::proof {
namespace {

using engine::test::GraphBuilder;
using graph::ExprId;
using graph::Op;
using graph::Value;

class Assumption : public ::testing::Test {
 protected:
  ExprId seats() { return b.user("seats"); }
  ExprId plan() { return b.user("plan"); }
  ExprId less(ExprId a, ExprId c) { return b.op(Op::kLess, {a, c}); }
  ExprId negated(ExprId a) { return b.op(Op::kNot, {a}); }

  // What the place of `id` is once the conditions hold; "impossible" if they cannot.
  std::string after(ExprId id, const std::vector<ExprId>& conditions) {
    const ValuePaths paths(b.graph());
    const Assumptions assumptions(b.graph(), catalog, paths);
    KnownValues known;
    for (const ExprId condition : conditions) {
      if (!assumptions.assume(known, condition, true)) return "impossible";
    }
    return assumptions.value_of(known, id).words();
  }

  graph::Catalog catalog = test::typed_catalog();
  GraphBuilder b;
};

TEST_F(Assumption, ComparisonsNeedAValue) {
  const ExprId field = seats();
  EXPECT_EQ(after(field, {}), "set or missing");
  EXPECT_EQ(after(field, {less(field, b.integer(5))}), "at most 4");
  EXPECT_EQ(after(field, {negated(less(field, b.integer(5)))}), "at least 5, or missing");
  EXPECT_EQ(after(field, {less(field, b.integer(5)), less(b.integer(3), field)}), "4");
  EXPECT_EQ(after(field, {less(field, b.integer(5)), less(b.integer(4), field)}), "impossible");
}

TEST_F(Assumption, EqualityAndItsOpposite) {
  const ExprId field = plan();
  EXPECT_EQ(after(field, {b.equal(field, b.text("pro"))}), "`\"pro\"`");
  EXPECT_EQ(after(field, {negated(b.equal(field, b.text("pro")))}),
            "`\"free\"` or `\"trial\"`, or missing");
  EXPECT_EQ(after(field, {b.op(Op::kNotEqual, {field, b.text("pro")})}),
            "`\"free\"` or `\"trial\"`, or missing");
  EXPECT_EQ(after(field, {b.op(Op::kIn, {field, b.text("pro"), b.text("free")})}),
            "`\"free\"` or `\"pro\"`");
  EXPECT_EQ(after(field, {b.op(Op::kStartsWith, {field, b.text("tri")})}), "`\"trial\"`");
}

TEST_F(Assumption, TwoExpressionsOfOneFieldAreOnePlace) {
  EXPECT_EQ(after(plan(), {b.equal(plan(), b.text("pro"))}), "`\"pro\"`");
  EXPECT_EQ(after(plan(), {b.equal(seats(), b.integer(1))}),
            "`\"free\"`, `\"pro\"` or `\"trial\"`, or missing");
}

TEST_F(Assumption, OrIsWhatEitherTells) {
  const ExprId field = seats();
  const ExprId either = b.op(Op::kOr, {b.equal(field, b.integer(1)), b.equal(field, b.integer(3))});
  EXPECT_EQ(after(field, {either}), "1 or 3");
  EXPECT_EQ(after(field, {either, less(field, b.integer(3))}), "1");
  EXPECT_EQ(after(field, {either, negated(less(field, b.integer(9)))}), "impossible");
  // The one or the other fails.
  const ExprId both = b.op(Op::kAnd, {less(b.integer(1), field), less(field, b.integer(9))});
  EXPECT_EQ(after(field, {negated(both)}), "at most 1 or at least 9, or missing");
}

TEST_F(Assumption, AnyOfTheWaysToGiveAValue) {
  const ExprId field = seats();
  const ExprId with_default = b.op(Op::kDefault, {field, b.integer(7)});
  EXPECT_EQ(after(field, {less(with_default, b.integer(5))}), "at most 4");
  EXPECT_EQ(after(field, {less(b.integer(5), with_default)}), "at least 6, or missing");
  const ExprId choice = b.op(Op::kIf, {b.equal(plan(), b.text("pro")), b.integer(9), b.integer(1)});
  EXPECT_EQ(after(plan(), {less(b.integer(5), choice)}), "`\"pro\"`");
  EXPECT_EQ(after(plan(), {less(b.integer(9), choice)}), "impossible");
}

TEST_F(Assumption, MissingAndBooleans) {
  const ExprId vip = b.user("vip");
  EXPECT_EQ(after(vip, {vip}), "true");
  EXPECT_EQ(after(vip, {negated(vip)}), "false, or missing");
  EXPECT_EQ(after(vip, {b.op(Op::kIsSet, {vip}), negated(vip)}), "false");
  EXPECT_EQ(after(vip, {negated(b.op(Op::kIsSet, {vip}))}), "missing");
  // It has a value for when it is missing.
  EXPECT_EQ(after(vip, {negated(b.op(Op::kIsSet, {b.user("nick")}))}), "impossible");
  // A question is always answered.
  const ExprId question = less(seats(), b.integer(1));
  EXPECT_EQ(after(vip, {negated(b.op(Op::kIsSet, {question}))}), "impossible");
}

TEST_F(Assumption, TwoPlacesAreComparedByWhatTheyCanBe) {
  const ExprId score = b.user("score");
  EXPECT_EQ(after(score, {less(seats(), b.integer(3)), less(score, seats())}), "below 2");
  EXPECT_EQ(
      after(score, {less(seats(), b.integer(3)), less(score, seats()), less(b.integer(2), score)}),
      "impossible");
}

TEST_F(Assumption, WhatIsComputedMayBeAnything) {
  const ExprId sum = b.op(Op::kAdd, {seats(), b.integer(1)});
  EXPECT_EQ(after(seats(), {less(sum, b.integer(3))}), "set or missing");
  EXPECT_EQ(after(seats(), {b.equal(sum, b.integer(3)), negated(b.equal(sum, b.integer(3)))}),
            "set or missing");
}

TEST_F(Assumption, ALongConditionIsNotSeenToItsEnd) {
  // Each level doubles the work.
  ExprId condition = less(seats(), b.integer(3));
  for (int i = 0; i < 40; ++i) condition = b.op(Op::kOr, {condition, negated(condition)});
  EXPECT_NE(after(seats(), {condition}), "impossible");
}

}  // namespace
}  // namespace sojourn::proof
