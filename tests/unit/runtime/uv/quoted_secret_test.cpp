#include "runtime/uv/quoted_secret.h"

#include <gtest/gtest.h>

namespace sojourn::uv {
namespace {

std::string without(std::string_view secret, std::string text) {
  QuotedSecret(secret).take_out(text);
  return text;
}

TEST(QuotedSecret, IsTakenOutAsItIs) {
  EXPECT_EQ(without("a-key-of-ours", "no a-key-of-ours, a-key-of-our, a-key-of-ours"),
            "no [secret], a-key-of-our, [secret]");
  EXPECT_EQ(without("aaaaaaaa", "aaaaaaaaaaaaaaaaaaa"), "[secret][secret]aaa");
  EXPECT_EQ(without("a\\\\b/c\"d", R"(a\\b/c"d)"), "[secret]");
}

TEST(QuotedSecret, IsTakenOutEscapedInJson) {
  const std::string secret = R"(pa"ss\wo/rd+=)";
  EXPECT_EQ(without(secret, R"({"key":"pa\"ss\\wo/rd+="})"), R"({"key":"[secret]"})");
  EXPECT_EQ(without(secret, R"({"key":"pa\"ss\\wo\/rd+="})"), R"({"key":"[secret]"})");
  EXPECT_EQ(without(secret, R"({"key":"pa\u0022ss\u005cwo\u002Frd\u002b="})"),
            R"({"key":"[secret]"})");
}

TEST(QuotedSecret, IsTakenOutPercentEncoded) {
  EXPECT_EQ(without("a/b+c d=e", "?key=a%2Fb%2Bc%20d%3De&x=1"), "?key=[secret]&x=1");
  EXPECT_EQ(without("a/b+c d=e", "?key=a%2fb%2bc+d=e&x=1"), "?key=[secret]&x=1");
  EXPECT_EQ(without("a/b+c d=e", "%61%2f%62+c%20%64=e %61%2f"), "[secret] %61%2f");
}

// By the base64(1) of coreutils: `printf 'user:a-key-of-iterable:x' | base64`, and so on.
TEST(QuotedSecret, IsTakenOutInBase64WhereverItStands) {
  const std::string secret = "a-key-of-iterable";
  for (const char* text : {
           "YS1rZXktb2YtaXRlcmFibGU=",          // alone
           "YS1rZXktb2YtaXRlcmFibGU6",          // KEY:
           "OmEta2V5LW9mLWl0ZXJhYmxl",          // :KEY
           "dXNlcjphLWtleS1vZi1pdGVyYWJsZTp4",  // user:KEY:x
           "dXNlMTphLWtleS1vZi1pdGVyYWJsZQ==",  // use1:KEY
       }) {
    const std::string left = without(secret, std::string("Basic ") + text);
    EXPECT_NE(left.find("[secret]"), std::string::npos) << text;
    EXPECT_LE(left.size(), std::string("Basic dXNlcjo[secret]TTp4==").size()) << left;
  }
  // `>>>???` is where the two alphabets differ.
  EXPECT_EQ(without(">>>\?\?\?>>>\?\?\?", "x Pj4+Pz8/Pj4+Pz8/ y Pj4-Pz8_Pj4-Pz8_"),
            "x [secret] y [secret]");
}

TEST(QuotedSecret, LeavesWhatDoesNotQuoteIt) {
  for (const char* text :
       {"", "%", "\\", "a%", "\\u00", "%zz\\x", "a-key-of-iterabl", "A-KEY-OF-ITERABLE"}) {
    EXPECT_EQ(without("a-key-of-iterable", text), text);
  }
}

}  // namespace
}  // namespace sojourn::uv
