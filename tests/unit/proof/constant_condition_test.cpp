#include "proof/constant_condition.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"

namespace sojourn::proof {
namespace {

using engine::test::GraphBuilder;
using graph::Op;
using graph::Value;

class ConstantCondition : public ::testing::Test {
 protected:
  std::optional<bool> truth(graph::ExprId id) { return constant_truth(b.graph(), id); }
  graph::ExprId boolean(bool value) { return b.constant(Value(value)); }
  GraphBuilder b;
  graph::ExprId unknown = b.user("flag");
};

TEST_F(ConstantCondition, AConstantIsWhatItIs) {
  EXPECT_EQ(truth(boolean(true)), true);
  EXPECT_EQ(truth(boolean(false)), false);
  EXPECT_EQ(truth(b.constant(Value())), false);
  EXPECT_EQ(truth(unknown), std::nullopt);
}

TEST_F(ConstantCondition, OnePartMayDecide) {
  EXPECT_EQ(truth(b.op(Op::kAnd, {unknown, boolean(false)})), false);
  EXPECT_EQ(truth(b.op(Op::kAnd, {unknown, boolean(true)})), std::nullopt);
  EXPECT_EQ(truth(b.op(Op::kOr, {unknown, boolean(true)})), true);
  EXPECT_EQ(truth(b.op(Op::kOr, {boolean(false), boolean(false)})), false);
  EXPECT_EQ(truth(b.op(Op::kNot, {boolean(false)})), true);
  EXPECT_EQ(truth(b.op(Op::kNot, {unknown})), std::nullopt);
}

TEST_F(ConstantCondition, ComparisonsOfLiterals) {
  EXPECT_EQ(truth(b.op(Op::kLess, {b.integer(1), b.integer(2)})), true);
  EXPECT_EQ(truth(b.op(Op::kGreaterEqual, {b.integer(1), b.integer(2)})), false);
  EXPECT_EQ(truth(b.equal(b.integer(1), b.user("seats"))), std::nullopt);
}

TEST_F(ConstantCondition, BothWaysOfAChoiceMayAgree) {
  EXPECT_EQ(truth(b.op(Op::kIf, {unknown, boolean(true), boolean(true)})), true);
  EXPECT_EQ(truth(b.op(Op::kIf, {unknown, boolean(true), boolean(false)})), std::nullopt);
  EXPECT_EQ(truth(b.op(Op::kIf, {boolean(false), unknown, boolean(false)})), false);
}

}  // namespace
}  // namespace sojourn::proof
