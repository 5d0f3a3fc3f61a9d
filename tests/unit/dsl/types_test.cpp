#include "dsl/types.h"

#include <gtest/gtest.h>

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

graph::Type one_of(std::vector<std::string> choices) {
  graph::Type type = type_of(Kind::kOneOf);
  type.choices = std::move(choices);
  return type;
}

graph::Type object(std::vector<graph::TypedField> fields) {
  graph::Type type = type_of(Kind::kObject);
  type.fields = std::move(fields);
  return type;
}

TEST(Types, ALiteralFitsEveryOneOfThatHasItAndEveryString) {
  const graph::Type free = literal_type("free");
  EXPECT_TRUE(fits(free, one_of({"free", "pro"})));
  EXPECT_FALSE(fits(free, one_of({"pro", "team"})));
  EXPECT_TRUE(fits(free, type_of(Kind::kString)));
  EXPECT_FALSE(fits(type_of(Kind::kString), one_of({"free"})));
}

TEST(Types, AnIntegerIsANumberButNotTheOtherWay) {
  EXPECT_TRUE(fits(type_of(Kind::kInteger), type_of(Kind::kNumber)));
  EXPECT_FALSE(fits(type_of(Kind::kNumber), type_of(Kind::kInteger)));
}

TEST(Types, AnythingFitsAnyAndAnyFitsNothingElse) {
  EXPECT_TRUE(fits(object({}), type_of(Kind::kAny)));
  EXPECT_FALSE(fits(type_of(Kind::kAny), type_of(Kind::kString)));
}

TEST(Types, ListsFitByTheirItemsAndTheEmptyOneFitsAll) {
  EXPECT_TRUE(fits(list_of(type_of(Kind::kInteger)), list_of(type_of(Kind::kNumber))));
  EXPECT_FALSE(fits(list_of(type_of(Kind::kString)), list_of(type_of(Kind::kNumber))));
  EXPECT_TRUE(fits(type_of(Kind::kList), list_of(type_of(Kind::kNumber))));
}

TEST(Types, AnObjectNeedsEveryFieldThatMayNotBeMissingAndNoOther) {
  const graph::Type wanted =
      object({{"a", type_of(Kind::kNumber)}, {"b", as_optional(type_of(Kind::kString))}});
  EXPECT_TRUE(fits(object({{"a", type_of(Kind::kInteger)}}), wanted));
  EXPECT_FALSE(fits(object({{"b", type_of(Kind::kString)}}), wanted));
  EXPECT_FALSE(fits(object({{"a", as_optional(type_of(Kind::kNumber))}}), wanted));
  EXPECT_FALSE(
      fits(object({{"a", type_of(Kind::kNumber)}, {"c", type_of(Kind::kNumber)}}), wanted));
}

TEST(Types, OnlyOneOfTypesThatShareAValueCanBeCompared) {
  EXPECT_TRUE(are_comparable(one_of({"a", "b"}), one_of({"b", "c"})));
  EXPECT_FALSE(are_comparable(one_of({"a"}), one_of({"b"})));
  EXPECT_TRUE(are_comparable(type_of(Kind::kTimezone), type_of(Kind::kString)));
  EXPECT_FALSE(are_comparable(type_of(Kind::kTimestamp), type_of(Kind::kDate)));
}

TEST(Types, TheCommonTypeIsTheNarrowestThatHoldsBoth) {
  EXPECT_EQ(common_type(type_of(Kind::kInteger), type_of(Kind::kNumber)), type_of(Kind::kNumber));
  EXPECT_EQ(common_type(literal_type("a"), one_of({"b", "a"})), one_of({"b", "a"}));
  EXPECT_EQ(common_type(literal_type("a"), type_of(Kind::kTimezone)), type_of(Kind::kString));
  EXPECT_EQ(common_type(as_optional(literal_type("a")), literal_type("a")),
            as_optional(literal_type("a")));
  EXPECT_EQ(common_type(type_of(Kind::kInteger), type_of(Kind::kString)), std::nullopt);
}

TEST(Types, ThoseWithoutAnOrderAreNotOrdered) {
  EXPECT_TRUE(is_ordered(type_of(Kind::kTimeOfDay)));
  EXPECT_FALSE(is_ordered(type_of(Kind::kString)));
  EXPECT_FALSE(is_ordered(type_of(Kind::kBoolean)));
}

}  // namespace
}  // namespace sojourn::dsl
