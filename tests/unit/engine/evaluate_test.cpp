#include "engine/evaluate.h"

#include <gtest/gtest.h>

#include "graph/operation.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::ExprId;
using graph::Op;
using graph::Value;
using test::instant;

class Evaluate : public testing::Test {
 protected:
  Scope scope() {
    return Scope{.graph = b_.graph(),
                 .profile = profile_,
                 .zones = zones_,
                 .entry_fields = entry_fields_,
                 .entry_created_at = instant("2026-03-01T08:59Z"),
                 .locals = locals_,
                 .now = instant("2026-03-01T09:00Z"),
                 .event = event_};
  }
  Value value(ExprId id) { return evaluate(scope(), id); }
  ExprId yes() { return b_.constant(Value(true)); }
  ExprId no() { return b_.constant(Value(false)); }
  ExprId missing() { return b_.constant(Value()); }

  test::GraphBuilder b_;
  test::TestProfile profile_;
  test::TestZones zones_;
  std::vector<Value> entry_fields_;
  std::vector<Value> locals_;
  const EventFact* event_ = nullptr;
};

TEST_F(Evaluate, LeavesReadWhatIsAtHand) {
  profile_.fields["plan"] = Value("free");
  entry_fields_ = {Value("n1")};
  locals_ = {Value(), Value(true)};
  const EventFact event{.number = 4,
                        .name = "bought",
                        .created_at = instant("2026-03-01T08:00Z"),
                        .arrived_at = {},
                        .fields = {{"amount", Value(9.5)}}};
  event_ = &event;
  EXPECT_EQ(value(b_.user("plan")), Value("free"));
  EXPECT_EQ(value(b_.entry("namespaceId")), Value("n1"));
  EXPECT_EQ(value(b_.local(1)), Value(true));
  EXPECT_EQ(value(b_.event("amount")), Value(9.5));
  EXPECT_EQ(value(b_.op(Op::kNow, {})), Value(instant("2026-03-01T09:00Z")));
  EXPECT_EQ(value(b_.op(Op::kEntryCreatedAt, {})), Value(instant("2026-03-01T08:59Z")));
  EXPECT_EQ(value(b_.op(Op::kEventCreatedAt, {})), Value(instant("2026-03-01T08:00Z")));
}

TEST_F(Evaluate, WhatIsNotThereIsMissing) {
  EXPECT_TRUE(value(b_.user("plan")).is_missing());
  EXPECT_TRUE(value(b_.entry("namespaceId")).is_missing());
  EXPECT_TRUE(value(b_.local(9)).is_missing());
  EXPECT_TRUE(value(b_.event("amount")).is_missing());
  EXPECT_TRUE(value(b_.op(Op::kEventCreatedAt, {})).is_missing());
  EXPECT_TRUE(value(b_.member(b_.local(0), "amount")).is_missing());
}

TEST_F(Evaluate, AMissingValueInAConditionIsNotTrue) {
  EXPECT_EQ(value(b_.op(Op::kNot, {missing()})), Value(true));
  EXPECT_EQ(value(b_.op(Op::kAnd, {yes(), missing()})), Value(false));
  EXPECT_EQ(value(b_.op(Op::kOr, {missing(), yes()})), Value(true));
  EXPECT_EQ(value(b_.op(Op::kEqual, {missing(), missing()})), Value(false));
  EXPECT_EQ(value(b_.op(Op::kNotEqual, {missing(), missing()})), Value(true));
  EXPECT_EQ(value(b_.op(Op::kLess, {missing(), b_.integer(1)})), Value(false));
  EXPECT_EQ(value(b_.op(Op::kGreaterEqual, {missing(), b_.integer(1)})), Value(false));
  EXPECT_FALSE(holds(scope(), missing()));
  EXPECT_TRUE(holds(scope(), graph::kNoExpr));
}

TEST_F(Evaluate, IfAndDefaultChoose) {
  EXPECT_EQ(value(b_.op(Op::kIf, {yes(), b_.text("a"), b_.text("b")})), Value("a"));
  EXPECT_EQ(value(b_.op(Op::kIf, {missing(), b_.text("a"), b_.text("b")})), Value("b"));
  EXPECT_EQ(value(b_.op(Op::kDefault, {missing(), b_.text("b")})), Value("b"));
  EXPECT_EQ(value(b_.op(Op::kDefault, {b_.text("a"), b_.text("b")})), Value("a"));
  EXPECT_EQ(value(b_.op(Op::kIsSet, {missing()})), Value(false));
  EXPECT_EQ(value(b_.op(Op::kIsSet, {no()})), Value(true));
}

TEST_F(Evaluate, InLooksAmongTheCandidatesAndIntoAList) {
  const ExprId two = b_.integer(2);
  EXPECT_EQ(value(b_.op(Op::kIn, {two, b_.integer(1), b_.constant(Value(2.0))})), Value(true));
  EXPECT_EQ(value(b_.op(Op::kIn, {two, b_.integer(1)})), Value(false));
  EXPECT_EQ(value(b_.op(Op::kIn, {two, b_.op(Op::kList, {b_.integer(2)})})), Value(true));
  EXPECT_EQ(value(b_.op(Op::kIn, {two})), Value(false));
}

TEST_F(Evaluate, MinAndMaxAreMissingWhenAnArgumentIs) {
  EXPECT_EQ(value(b_.op(Op::kMin, {b_.integer(3), b_.constant(Value(1.5))})), Value(1.5));
  EXPECT_EQ(value(b_.op(Op::kMax, {b_.integer(3), b_.integer(7), b_.integer(5)})),
            Value(std::int64_t{7}));
  EXPECT_TRUE(value(b_.op(Op::kMax, {b_.integer(3), missing()})).is_missing());
  EXPECT_TRUE(value(b_.op(Op::kMax, {missing(), b_.integer(3)})).is_missing());
}

TEST_F(Evaluate, InterpolationJoinsAndIsMissingWithAMissingPart) {
  EXPECT_EQ(value(b_.op(Op::kConcat, {b_.text("seats: "), b_.integer(5)})), Value("seats: 5"));
  EXPECT_TRUE(value(b_.op(Op::kConcat, {b_.text("hi "), missing()})).is_missing());
}

TEST_F(Evaluate, ObjectsAreSortedKeepMissingFieldsAndGiveMembers) {
  const ExprId object = b_.object({{"b", b_.integer(2)}, {"a", missing()}});
  EXPECT_EQ(value(object), Value(graph::Object{{"a", Value()}, {"b", Value(std::int64_t{2})}}));
  EXPECT_EQ(value(b_.member(object, "b")), Value(std::int64_t{2}));
  EXPECT_TRUE(value(b_.member(object, "c")).is_missing());
}

TEST_F(Evaluate, CalendarArithmeticGoesByTheJourneysZone) {
  b_.zone(b_.user("timeZone"));
  b_.zone(b_.text("UTC"));
  const ExprId weekday =
      b_.op(Op::kWeekday, {b_.constant(Value(instant("2026-03-01T20:00Z")))});  // a Sunday
  EXPECT_EQ(value(weekday), Value("sunday"));
  profile_.fields["timeZone"] = Value("Asia/Tokyo");
  EXPECT_EQ(value(weekday), Value("monday"));
}

// Every operation, with every argument missing or of an unfitting kind: the
// answer is some value.
TEST_F(Evaluate, NoOperationMindsWhatItIsGiven) {
  const std::vector<ExprId> odd{
      missing(),
      b_.text("\xFF"),
      b_.integer(INT64_MIN),
      b_.constant(Value(graph::List{})),
      b_.constant(Value(graph::Object{})),
      b_.constant(Value(base::Instant{INT64_MAX})),
      b_.constant(Value(base::Instant{INT64_MIN})),
      b_.constant(Value(graph::Date{INT32_MIN})),
      b_.constant(Value(graph::Duration{INT32_MIN, INT32_MIN, INT64_MIN}))};
  int asked = 0;
  for (std::size_t i = 0; i < graph::kOpCount; ++i) {
    const Op op = static_cast<Op>(i);
    const std::size_t most = std::min<std::size_t>(graph::operation(op).max_arguments, 3);
    for (std::size_t count = graph::operation(op).min_arguments; count <= most; ++count) {
      for (const ExprId first : odd) {
        for (const ExprId rest : odd) {
          graph::Expression node{.op = op, .arguments = std::vector<ExprId>(count, rest)};
          if (count > 0) node.arguments[0] = first;
          if (op == Op::kObject) node.names = {"a", "b", "c"};
          value(b_.add(node));
          ++asked;
        }
      }
    }
  }
  EXPECT_GT(asked, 4'000);
}

}  // namespace
}  // namespace sojourn::engine
