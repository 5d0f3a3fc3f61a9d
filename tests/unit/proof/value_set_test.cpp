#include "proof/value_set.h"

#include <gtest/gtest.h>

namespace sojourn::proof {
namespace {

using graph::Type;
using graph::Value;
using Order = ValueSet::Order;

Type type_of(Type::Kind kind, bool optional = false) {
  Type type;
  type.kind = kind;
  type.optional = optional;
  return type;
}

Type plan() {
  Type type = type_of(Type::Kind::kOneOf, true);
  type.choices = {"free", "trial", "pro"};
  return type;
}

ValueSet just(const char* text) {
  return ValueSet::just(Value(text));
}
ValueSet just(std::int64_t number) {
  return ValueSet::just(Value(number));
}

TEST(ValueSet, OfAType) {
  const ValueSet any_plan = ValueSet::of(plan());
  EXPECT_TRUE(any_plan.has(Value("pro")));
  EXPECT_TRUE(any_plan.has(Value()));
  EXPECT_FALSE(any_plan.has(Value("gold")));
  EXPECT_FALSE(ValueSet::of(type_of(Type::Kind::kInteger)).has(Value()));
  EXPECT_FALSE(ValueSet::of(type_of(Type::Kind::kInteger)).has(Value(2.5)));
  EXPECT_TRUE(ValueSet::of(type_of(Type::Kind::kNumber)).has(Value(std::int64_t{2})));
  EXPECT_TRUE(ValueSet::of(type_of(Type::Kind::kAny)).has(Value("x")));
  EXPECT_TRUE(ValueSet::of(type_of(Type::Kind::kList)).may_be_set());
}

TEST(ValueSet, MissingIsAValueOfItsOwn) {
  EXPECT_TRUE(ValueSet().is_empty());
  EXPECT_FALSE(ValueSet::missing().is_empty());
  EXPECT_FALSE(ValueSet::missing().may_be_set());
  EXPECT_TRUE(common(ValueSet::missing(), ValueSet::set()).is_empty());
  EXPECT_EQ(common(ValueSet::missing(), ValueSet::anything()), ValueSet::missing());
  EXPECT_EQ(united(ValueSet::missing(), ValueSet::set()), ValueSet::anything());
}

TEST(ValueSet, IntegersAndNumbersAreEqual) {
  EXPECT_EQ(common(just(1), ValueSet::just(Value(1.0))), just(1));
  EXPECT_TRUE(common(just(1), ValueSet::just(Value(1.5))).is_empty());
  EXPECT_TRUE(common(just(1), just("1")).is_empty());
}

TEST(ValueSet, WhatIsOfTwoKindsMayBeAnything) {
  EXPECT_EQ(united(just(1), just("1")), ValueSet::set());
}

TEST(ValueSet, WithoutOneValue) {
  const ValueSet rest = without(ValueSet::of(plan()), just("free"));
  EXPECT_FALSE(rest.has(Value("free")));
  EXPECT_TRUE(rest.has(Value("pro")));
  EXPECT_TRUE(rest.has(Value()));
  // Of two possible values neither is certainly the one.
  EXPECT_EQ(without(just(1), united(just(1), just(2))), just(1));
  EXPECT_EQ(without(just(1), just(1).with_missing()), just(1));
  EXPECT_EQ(without(ValueSet::anything(), just(1)), ValueSet::anything());
}

TEST(ValueSet, OrderIsThatOfOneKind) {
  const ValueSet integers = ValueSet::of(type_of(Type::Kind::kInteger, true));
  EXPECT_FALSE(ordered(integers, Order::kLess, just(3)).has(Value(std::int64_t{3})));
  EXPECT_FALSE(ordered(integers, Order::kLess, just(3)).has(Value()));
  EXPECT_TRUE(have_order(integers, just(3)));
  EXPECT_FALSE(have_order(integers, just("3")));
  EXPECT_FALSE(have_order(ValueSet::just(Value(true)), ValueSet::just(Value(false))));
  EXPECT_EQ(ordered(just("a"), Order::kLess, just("b")), just("a"));
  const ValueSet day = ValueSet::just(Value(graph::Date{20'000}));
  EXPECT_TRUE(ordered(day, Order::kGreater, ValueSet::just(Value(graph::Date{20'001}))).is_empty());
}

TEST(ValueSet, InWords) {
  const ValueSet integers = ValueSet::of(type_of(Type::Kind::kInteger, true));
  const ValueSet numbers = ValueSet::of(type_of(Type::Kind::kNumber));
  EXPECT_EQ(ordered(integers, Order::kGreater, just(4)).words(), "at least 5");
  EXPECT_EQ(ordered(integers, Order::kLess, just(5)).with_missing().words(),
            "at most 4, or missing");
  EXPECT_EQ(ordered(numbers, Order::kLess, ValueSet::just(Value(2.5))).words(), "below 2.5");
  EXPECT_EQ(united(just(1), just(3)).words(), "1 or 3");
  EXPECT_EQ(ValueSet::of(plan()).words(), "`\"free\"`, `\"pro\"` or `\"trial\"`, or missing");
  const ValueSet name = ValueSet::of(type_of(Type::Kind::kString));
  EXPECT_EQ(without(name, just("x")).words(), "not `\"x\"`");
  EXPECT_EQ(without(without(name, just("x")), just("y")).words(), "neither `\"x\"` nor `\"y\"`");
  EXPECT_EQ(ValueSet::just(Value(true)).words(), "true");
  EXPECT_EQ(ValueSet::just(Value(graph::TimeOfDay{570})).words(), "09:30");
  EXPECT_EQ(ValueSet::missing().words(), "missing");
  EXPECT_EQ(ValueSet::set().words(), "set");
  EXPECT_EQ(ValueSet::anything().words(), "set or missing");
  EXPECT_EQ(ValueSet::just(Value(1e300)).words(), "1e+300");
}

}  // namespace
}  // namespace sojourn::proof
