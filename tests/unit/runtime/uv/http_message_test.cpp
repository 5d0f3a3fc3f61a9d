#include "runtime/uv/http_message.h"

#include <gtest/gtest.h>

namespace sojourn::uv {
namespace {

TEST(EqualIgnoringCase, ConcernsAsciiLettersOnly) {
  EXPECT_TRUE(equal_ignoring_case("Api-Key", "aPI-kEY"));
  EXPECT_FALSE(equal_ignoring_case("Api-Key", "Api-Key "));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
}

TEST(StatusText, NamesWhatTheServerAnswers) {
  EXPECT_EQ(status_text(200), "OK");
  EXPECT_EQ(status_text(429), "Too Many Requests");
  EXPECT_EQ(status_text(299), "Unknown");
}

}  // namespace
}  // namespace sojourn::uv
