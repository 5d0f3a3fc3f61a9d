#include "graph/type.h"

#include <gtest/gtest.h>

namespace sojourn::graph {
namespace {

using Kind = Type::Kind;

Type plain(Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type optional(Type type) {
  type.optional = true;
  return type;
}

Type list_of(const Type& element) {
  Type type = plain(Kind::kList);
  type.element = std::make_shared<const Type>(element);
  return type;
}

Type one_of(std::vector<std::string> choices) {
  Type type = plain(Kind::kOneOf);
  type.choices = std::move(choices);
  return type;
}

Type object(std::vector<TypedField> fields) {
  Type type = plain(Kind::kObject);
  type.fields = std::move(fields);
  return type;
}

TEST(Type, IsShownAsAnAuthorWritesIt) {
  EXPECT_EQ(to_string(plain(Kind::kString)), "string");
  EXPECT_EQ(to_string(optional(plain(Kind::kTimestamp))), "timestamp?");
  EXPECT_EQ(to_string(plain(Kind::kTimezone)), "timezone");
  EXPECT_EQ(to_string(one_of({"free", "tri\"al"})), "\"free\" | \"tri\\\"al\"");
  EXPECT_EQ(to_string(list_of(optional(plain(Kind::kInteger)))), "[integer?]");
  EXPECT_EQ(to_string(object({{"a", plain(Kind::kAny)}, {"b", optional(plain(Kind::kDate))}})),
            "{ a any, b date? }");
  EXPECT_EQ(to_string(object({})), "{}");
}

TEST(Type, ListsAreEqualWhenTheirElementsAre) {
  EXPECT_EQ(list_of(plain(Kind::kString)), list_of(plain(Kind::kString)));
  EXPECT_NE(list_of(plain(Kind::kString)), list_of(plain(Kind::kInteger)));
  EXPECT_NE(list_of(plain(Kind::kString)), plain(Kind::kList));
}

TEST(Type, OptionalChoicesAndFieldsMakeADifference) {
  EXPECT_NE(plain(Kind::kString), optional(plain(Kind::kString)));
  EXPECT_NE(one_of({"a", "b"}), one_of({"b", "a"}));
  EXPECT_NE(object({{"a", plain(Kind::kAny)}}), object({{"b", plain(Kind::kAny)}}));
  EXPECT_EQ(object({{"a", plain(Kind::kAny)}}), object({{"a", plain(Kind::kAny)}}));
}

}  // namespace
}  // namespace sojourn::graph
