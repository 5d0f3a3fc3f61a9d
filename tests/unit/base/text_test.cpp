#include "base/text.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(DidYouMean, FindsTheNearName) {
  EXPECT_EQ(did_you_mean("welcom", {"farewell", "welcome"}), "welcome");
  EXPECT_EQ(did_you_mean("trialendsat", {"trialEndsAt"}), "trialEndsAt");
  EXPECT_EQ(did_you_mean("lgoin", {"login"}), "login");
  EXPECT_EQ(did_you_mean("xyz", {"welcome", "login"}), std::nullopt);
}

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_EQ(first_invalid_utf8("grüße"), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("a\xffz"), 1u);
  EXPECT_EQ(first_invalid_utf8("\xc0\x80"), 0u);
  EXPECT_EQ(first_invalid_utf8("\xed\xa0\x80"), 0u);
  EXPECT_EQ(first_invalid_utf8("ok\xe2\x82"), 2u);
}

TEST(JsonString, EscapesWhatJsonRequires) {
  std::string out;
  append_json_string(out, "a\"b\\c\n\x01\xff");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001\xEF\xBF\xBD\"");
}

TEST(LowerAscii, LeavesEverythingElseAlone) {
  EXPECT_EQ(lower_ascii("Ada+TEST@Example.COM"), "ada+test@example.com");
  EXPECT_EQ(lower_ascii("\xc3\x84[`{@"), "\xc3\x84[`{@");
}

}  // namespace
}  // namespace sojourn::base
