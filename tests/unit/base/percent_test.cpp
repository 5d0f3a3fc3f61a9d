#include "base/percent.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(Percent, ReadsBackWhatItWrites) {
  const std::string text = "a b/+%@\u00fc";
  EXPECT_EQ(percent_encoded("a b"), "a%20b");
  EXPECT_EQ(percent_decoded(percent_encoded(text)), text);
}

TEST(Percent, RefusesWhatIsNoEncoding) {
  EXPECT_EQ(percent_decoded("%4"), std::nullopt);
  EXPECT_EQ(percent_decoded("%zz"), std::nullopt);
  EXPECT_EQ(percent_decoded("%"), std::nullopt);
}

TEST(Percent, FindsAMemberOfAQuery) {
  EXPECT_EQ(query_member("key=a%20b&limit=3", "key"), "a b");
  EXPECT_EQ(query_member("key=a&limit=3", "limit"), "3");
  EXPECT_EQ(query_member("key=a", "none"), std::nullopt);
}

}  // namespace
}  // namespace sojourn::base
