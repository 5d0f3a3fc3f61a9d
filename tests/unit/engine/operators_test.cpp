#include "engine/operators.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace sojourn::engine {
namespace {

using graph::Duration;
using graph::List;
using graph::Object;
using graph::Value;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

Value integer(std::int64_t v) {
  return Value(v);
}
Value days(std::int32_t n) {
  return Value(Duration{.months = 0, .days = n, .millis = 0});
}
Value millis(std::int64_t n) {
  return Value(Duration{.months = 0, .days = 0, .millis = n});
}

TEST(Operators, MissingEqualsNothingAndIsNeitherLessNorGreater) {
  EXPECT_FALSE(equal(Value(), Value()));
  EXPECT_FALSE(equal(Value(), integer(0)));
  EXPECT_FALSE(equal(Value(""), Value()));
  EXPECT_EQ(compare(Value(), integer(1)), std::partial_ordering::unordered);
  EXPECT_EQ(compare(Value(), Value()), std::partial_ordering::unordered);
}

TEST(Operators, OneEqualsOnePointZero) {
  EXPECT_TRUE(equal(integer(1), Value(1.0)));
  EXPECT_TRUE(equal(Value(1.0), integer(1)));
  EXPECT_FALSE(equal(integer(1), Value(1.5)));
}

TEST(Operators, ALargeIntegerAndANumberCompareExactly) {
  // As doubles, 2^53 and 2^53 + 1 are the same.
  const Value number(9'007'199'254'740'992.0);
  EXPECT_TRUE(equal(integer(9'007'199'254'740'992), number));
  EXPECT_FALSE(equal(integer(9'007'199'254'740'993), number));
  EXPECT_TRUE(std::is_gt(compare(integer(9'007'199'254'740'993), number)));
  EXPECT_TRUE(std::is_lt(compare(integer(kMax), Value(1e300))));
  EXPECT_TRUE(std::is_gt(compare(integer(kMin), Value(-1e300))));
  EXPECT_TRUE(std::is_lt(compare(integer(kMax), Value(9'223'372'036'854'775'808.0))));
}

TEST(Operators, UnlikeKindsAreNeitherEqualNorOrdered) {
  EXPECT_FALSE(equal(Value("1"), integer(1)));
  EXPECT_EQ(compare(Value("1"), integer(1)), std::partial_ordering::unordered);
  EXPECT_EQ(compare(Value(true), Value(false)), std::partial_ordering::unordered);
  EXPECT_TRUE(equal(Value(true), Value(true)));
}

TEST(Operators, DurationsCompareByLength) {
  EXPECT_TRUE(equal(days(1), millis(86'400'000)));
  EXPECT_TRUE(std::is_lt(compare(millis(3'600'000), days(1))));
  const Value year(Duration{.months = 12, .days = 0, .millis = 0});
  EXPECT_TRUE(std::is_gt(compare(year, days(365))));
  EXPECT_TRUE(std::is_lt(compare(year, days(366))));
}

TEST(Operators, ListsAndObjectsAreEqualItemByItem) {
  EXPECT_TRUE(equal(Value(List{integer(1)}), Value(List{Value(1.0)})));
  EXPECT_FALSE(equal(Value(List{integer(1)}), Value(List{integer(1), integer(2)})));
  EXPECT_TRUE(equal(Value(Object{{"a", integer(1)}}), Value(Object{{"a", Value(1.0)}})));
  EXPECT_FALSE(equal(Value(Object{{"a", integer(1)}}), Value(Object{{"b", integer(1)}})));
  EXPECT_FALSE(equal(Value(List{Value()}), Value(List{Value()})));
}

TEST(Operators, ContainsLooksIntoListsAndStrings) {
  const Value list(List{Value("n1"), integer(2)});
  EXPECT_TRUE(contains(list, Value("n1")));
  EXPECT_TRUE(contains(list, Value(2.0)));
  EXPECT_FALSE(contains(list, Value("n")));
  EXPECT_TRUE(contains(Value("ada@example.com"), Value("@example")));
  EXPECT_FALSE(contains(Value(), Value("a")));
  EXPECT_FALSE(contains(Value("a"), Value()));
  EXPECT_TRUE(starts_with(Value("journey"), Value("jour")));
  EXPECT_TRUE(ends_with(Value("journey"), Value("ney")));
  EXPECT_FALSE(starts_with(Value("journey"), Value("ney")));
  EXPECT_FALSE(ends_with(Value("journey"), Value("jour")));
  EXPECT_FALSE(starts_with(Value(), Value("")));
}

TEST(Operators, OverflowIsMissing) {
  EXPECT_TRUE(add(integer(kMax), integer(1)).is_missing());
  EXPECT_TRUE(subtract(integer(kMin), integer(1)).is_missing());
  EXPECT_TRUE(multiply(integer(kMax), integer(2)).is_missing());
  EXPECT_TRUE(divide(integer(kMin), integer(-1)).is_missing());
  EXPECT_TRUE(negate(integer(kMin)).is_missing());
  EXPECT_TRUE(multiply(Value(1e308), Value(10.0)).is_missing());
  EXPECT_TRUE(add(millis(kMax), millis(1)).is_missing());
  EXPECT_TRUE(multiply(integer(kMax), days(3)).is_missing());
}

TEST(Operators, SubtractingTheLeastIntegerDoesNotOverflowByItself) {
  EXPECT_EQ(subtract(integer(-1), integer(kMin)), integer(kMax));
}

TEST(Operators, DivisionByZeroIsMissing) {
  EXPECT_TRUE(divide(integer(1), integer(0)).is_missing());
  EXPECT_TRUE(divide(Value(1.0), Value(0.0)).is_missing());
  EXPECT_TRUE(divide(integer(1), Value(0.0)).is_missing());
}

TEST(Operators, IntegersThatDivideEvenlyStayIntegers) {
  EXPECT_EQ(divide(integer(6), integer(3)), integer(2));
  EXPECT_EQ(divide(integer(5), integer(2)), Value(2.5));
}

TEST(Operators, NumbersAreNeverMinusZero) {
  const Value zero = multiply(Value(0.0), integer(-1));
  EXPECT_FALSE(std::signbit(zero.as_number()));
}

TEST(Operators, ArithmeticOnAnythingElseIsMissing) {
  EXPECT_TRUE(add(Value("1"), integer(1)).is_missing());
  EXPECT_TRUE(add(Value(), integer(1)).is_missing());
  EXPECT_TRUE(multiply(Value(1.5), days(1)).is_missing());
  EXPECT_TRUE(negate(Value("x")).is_missing());
  EXPECT_TRUE(negate(Value()).is_missing());
}

TEST(Operators, DurationsAddAndScale) {
  EXPECT_EQ(add(days(1), days(2)), days(3));
  EXPECT_EQ(subtract(days(3), days(1)), days(2));
  EXPECT_EQ(multiply(integer(3), days(2)), days(6));
  EXPECT_EQ(multiply(days(2), integer(3)), days(6));
}

TEST(Operators, EqualValuesHaveOneCanonicalForm) {
  EXPECT_EQ(canonical(Value(1.0)), integer(1));
  EXPECT_EQ(canonical(Value(1.5)), Value(1.5));
  EXPECT_EQ(canonical(Value(1e300)), Value(1e300));
  EXPECT_EQ(canonical(Value(List{Value(2.0)})), Value(List{integer(2)}));
  EXPECT_EQ(canonical(Value(Object{{"a", Value(2.0)}})), Value(Object{{"a", integer(2)}}));
  EXPECT_EQ(canonical(Value("x")), Value("x"));
}

}  // namespace
}  // namespace sojourn::engine
