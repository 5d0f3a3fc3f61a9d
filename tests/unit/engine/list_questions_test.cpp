#include "engine/list_questions.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::ExprId;
using graph::Op;
using graph::Value;
using test::GraphBuilder;

Value number(std::int64_t n) {
  return Value(n);
}

Value item(const char* name, std::int64_t price) {
  return Value(graph::Object{{"name", Value(name)}, {"price", number(price)}});
}

class ListQuestions : public testing::Test {
 protected:
  ListQuestions() {
    profile_.fields["items"] =
        Value(graph::List{item("pen", 3), item("ink", 8),
                          Value(graph::Object{{"name", Value("gift")}}), item("nib", 5)});
    profile_.fields["sizes"] = Value(graph::List{number(4), number(9), number(2)});
  }

  Value ask(Op op, std::vector<ExprId> arguments) {
    const ExprId id = b_.op(op, std::move(arguments));
    const Scope scope{.graph = b_.graph(),
                      .profile = profile_,
                      .zones = zones_,
                      .entry_created_at = {},
                      .now = {}};
    return evaluate(scope, id);
  }
  ExprId items() { return b_.user("items"); }
  ExprId sizes() { return b_.user("sizes"); }
  ExprId it() { return b_.op(Op::kItem, {}); }
  ExprId price() { return b_.member(it(), "price"); }
  ExprId above(ExprId value, std::int64_t n) { return b_.op(Op::kGreater, {value, b_.integer(n)}); }

  GraphBuilder b_;
  test::TestProfile profile_;
  test::TestZones zones_;
};

TEST_F(ListQuestions, CountsTheItemsThatMatch) {
  EXPECT_EQ(ask(Op::kCountItems, {items()}), number(4));
  EXPECT_EQ(ask(Op::kCountItems, {items(), above(price(), 4)}), number(2));
  EXPECT_EQ(ask(Op::kCountItems, {sizes(), above(it(), 3)}), number(2));
}

TEST_F(ListQuestions, WhatIsNoListHasNoItems) {
  EXPECT_EQ(ask(Op::kCountItems, {b_.user("nothing")}), number(0));
  EXPECT_EQ(ask(Op::kCountItems, {b_.integer(7)}), number(0));
  EXPECT_EQ(ask(Op::kSumItems, {b_.user("nothing"), it()}), number(0));
  for (const Op op : {Op::kMinItems, Op::kMaxItems, Op::kAvgItems}) {
    EXPECT_TRUE(ask(op, {b_.user("nothing"), it()}).is_missing());
  }
  EXPECT_TRUE(ask(Op::kFirstItem, {b_.user("nothing")}).is_missing());
}

TEST_F(ListQuestions, TotalsLeaveOutItemsThatLackTheField) {
  EXPECT_EQ(ask(Op::kSumItems, {items(), price()}), number(16));
  EXPECT_EQ(ask(Op::kMinItems, {items(), price()}), number(3));
  EXPECT_EQ(ask(Op::kMaxItems, {items(), price(), b_.op(Op::kNot, {above(price(), 5)})}),
            number(5));
  EXPECT_EQ(ask(Op::kAvgItems, {sizes(), it()}), number(5));
}

TEST_F(ListQuestions, FirstAndLastGoByThePlaceInTheList) {
  EXPECT_EQ(ask(Op::kFirstItem, {items(), above(price(), 4)}), item("ink", 8));
  EXPECT_EQ(ask(Op::kLastItem, {items(), above(price(), 4)}), item("nib", 5));
  EXPECT_EQ(ask(Op::kLastItem, {sizes()}), number(2));
}

TEST_F(ListQuestions, AListHoldsTheFirstFewValues) {
  const ExprId all = b_.op(Op::kListItems, {sizes(), it()});
  EXPECT_EQ(ask(Op::kLength, {all}), number(3));
  b_.graph().expressions[all].slot = 2;
  EXPECT_EQ(ask(Op::kList, {all}), Value(graph::List{Value(graph::List{number(4), number(9)})}));
}

TEST_F(ListQuestions, OutsideThereIsNoItem) {
  EXPECT_TRUE(ask(Op::kItem, {}).is_missing());
}

}  // namespace
}  // namespace sojourn::engine
