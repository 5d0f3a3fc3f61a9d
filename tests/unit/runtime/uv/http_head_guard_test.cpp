#include "runtime/uv/http_head_guard.h"

#include <gtest/gtest.h>

namespace sojourn::uv {
namespace {

using std::string_view_literals::operator""sv;

TEST(HttpHeadGuard, PassesLinesThatEndInCrlf) {
  EXPECT_EQ(doubt_about_head("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), nullptr);
  EXPECT_EQ(doubt_about_head("X:\r\n"), nullptr);
  EXPECT_EQ(doubt_about_head(""), nullptr);
}

TEST(HttpHeadGuard, NamesWhatIsDoubtful) {
  EXPECT_STREQ(doubt_about_head("A: b\n\r\n"), "LF without CR");
  EXPECT_STREQ(doubt_about_head("\n"), "LF without CR");
  EXPECT_STREQ(doubt_about_head("A: \rb\r\n"), "CR without LF");
  EXPECT_STREQ(doubt_about_head("A: b\r\r\n"), "CR without LF");
  EXPECT_STREQ(doubt_about_head("A: b\r\n c\r\n"), "header line that continues another");
  EXPECT_STREQ(doubt_about_head("A: b\r\n\tc\r\n"), "header line that continues another");
  EXPECT_STREQ(doubt_about_head("A: \0\r\n"sv), "NUL byte in the head");
  EXPECT_STREQ(doubt_about_head("A: b\r"), "line without an end");
}

TEST(HttpHeadGuard, NamesWhatIsWrongWithTheFirstDoubtfulLine) {
  EXPECT_STREQ(doubt_about_head("A: \rb\r\nC: \0\r\n"sv), "CR without LF");
  EXPECT_STREQ(doubt_about_head("C: \0\r\nA: \rb\r\n"sv), "NUL byte in the head");
}

}  // namespace
}  // namespace sojourn::uv
