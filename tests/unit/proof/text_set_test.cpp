#include "proof/text_set.h"

#include <gtest/gtest.h>

namespace sojourn::proof {
namespace {

TextSet texts(std::vector<std::string> named) {
  return TextSet(std::move(named));
}

TextSet all_but(std::string text) {
  return without(TextSet::all(), texts({std::move(text)}));
}

TEST(TextSet, NamedTextsAreASet) {
  EXPECT_EQ(texts({"b", "a", "b"}), texts({"a", "b"}));
  EXPECT_EQ(united(texts({"a"}), texts({"b"})), texts({"a", "b"}));
  EXPECT_EQ(common(texts({"a", "b"}), texts({"b", "c"})), texts({"b"}));
  EXPECT_TRUE(common(texts({"a"}), texts({"b"})).is_empty());
  EXPECT_EQ(without(texts({"a", "b"}), texts({"a"})), texts({"b"}));
}

TEST(TextSet, AllButSome) {
  EXPECT_TRUE(all_but("a").has("b"));
  EXPECT_FALSE(all_but("a").has("a"));
  EXPECT_EQ(united(all_but("a"), all_but("b")), TextSet::all());
  EXPECT_EQ(united(all_but("a"), texts({"a"})), TextSet::all());
  EXPECT_EQ(united(texts({"b"}), all_but("a")), all_but("a"));
  EXPECT_EQ(common(all_but("a"), texts({"a", "b"})), texts({"b"}));
  EXPECT_EQ(common(texts({"a", "b"}), all_but("a")), texts({"b"}));
  EXPECT_FALSE(common(all_but("a"), all_but("b")).has("b"));
  EXPECT_FALSE(all_but("a").is_empty());
}

TEST(TextSet, WithTooManyLeftOutNoneIs) {
  TextSet set = TextSet::all();
  for (std::size_t i = 0; i <= TextSet::kMostLeftOut; ++i) {
    EXPECT_EQ(set.named().size(), i);
    set = without(set, texts({std::to_string(i)}));
  }
  EXPECT_EQ(set, TextSet::all());
}

}  // namespace
}  // namespace sojourn::proof
