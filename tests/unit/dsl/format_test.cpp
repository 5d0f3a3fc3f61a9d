// What formatting does with texts that no author would write. Whole files are in
// tests/golden/format.
#include "dsl/format.h"

#include <gtest/gtest.h>
#include <iterator>
#include <string>

#include "base/random.h"
#include "dsl/parse.h"
#include "dsl/syntax.h"

namespace sojourn::dsl {
namespace {

std::string repeated(std::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

void expect_stable(const std::string& text) {
  const Formatted once = format(text, 0);
  ASSERT_TRUE(once.diagnostics.empty()) << once.diagnostics[0].message;
  EXPECT_EQ(format(once.text, 0).text, once.text);
}

TEST(Format, AFileThatDoesNotParseHasOnlyItsFaults) {
  const Formatted result = format("journey j {\n  send\n}\nevent", 0);
  EXPECT_TRUE(result.text.empty());
  EXPECT_GE(result.diagnostics.size(), 2U);
}

TEST(Format, NothingStaysNothing) {
  for (const char* text : {"", "\n\n", " \t\r\n", "\xEF\xBB\xBF"}) {
    const Formatted result = format(text, 0);
    EXPECT_TRUE(result.diagnostics.empty());
    EXPECT_EQ(result.text, "");
  }
}

TEST(Format, LinesEndInALineFeedAndTheFileInOne) {
  EXPECT_EQ(format("\xEF\xBB\xBF# a \r\n\r\n\r\nevent\ta\r\nevent b", 0).text,
            "# a\n\nevent a\nevent b\n");
}

TEST(Format, NestsAsDeepAsTheLanguageDoes) {
  constexpr int kDepth = kMaxNesting - 5;
  expect_stable("journey j { " + repeated("if a { ", kDepth) + repeated("} ", kDepth) + "}");
  expect_stable("let x = " + repeated("(", kDepth) + "1" + repeated(")", kDepth));
  expect_stable("let x = " + repeated("[{ a: ", kDepth / 2) + "1" + repeated("}]", kDepth / 2));
  expect_stable("let x = " + repeated("if a then b else ", kDepth) + "1");
  expect_stable("event e { a " + repeated("{ a ", kDepth) + "any" + repeated("}", kDepth) + "}");
  expect_stable("journey j { " + repeated("send a else ", kDepth) + "exit }");
}

TEST(Format, TakesLongChainsAndLines) {
  constexpr int kMany = 20'000;
  constexpr int kDeep = 100;  // these nest, one way or the other
  expect_stable("let x = a" + repeated(" or a and b", kDeep));
  expect_stable("let x = " + repeated("- ", kDeep) + "1");
  expect_stable("let x = a" + repeated(".a", kDeep));
  expect_stable("let x = [1" + repeated(", 1", kMany) + "]");
  expect_stable("let x = f(1" + repeated(", 1", kMany) + ")");
  expect_stable("let x = \"" + repeated("${a}", kMany) + "\"");
  expect_stable("journey j { if a {} " + repeated("else if b {} ", kMany) + "}");
  expect_stable("event e { a \"x\"" + repeated(" | \"y\"", kMany) + "}");
  expect_stable(repeated("# comment\n", kMany) + "event a " + repeated("# c\n", kMany));
  expect_stable("journey j { " + repeated("allow never-enrolled \"x\" ", kMany) + "enter on e }");
}

TEST(Format, TakesAnyPiecesInAnyOrder) {
  using namespace std::string_view_literals;
  static constexpr std::string_view kPieces[] = {
      "journey j {"sv, "let x ="sv, "event e"sv, "user"sv,  "{"sv,   "}"sv,           "("sv,
      ")"sv,           "["sv,       "]"sv,       "\""sv,    "${"sv,  "\\"sv,          "#"sv,
      "\n"sv,          "\r\n"sv,    "\t"sv,      " "sv,     ","sv,   ":"sv,           "-"sv,
      "->"sv,          ".."sv,      "."sv,       "/"sv,     "|"sv,   "="sv,           "=="sv,
      "?"sv,           "1"sv,       "1d"sv,      "09:00"sv, "50%"sv, "a"sv,           "if"sv,
      "else"sv,        "send"sv,    "or"sv,      "is"sv,    "set"sv, "where"sv,       "not"sv,
      "allow"sv,       "match"sv,   "\xFF"sv,    "\0"sv,    "ä"sv,   "\xEF\xBB\xBF"sv};
  constexpr std::uint64_t kSeeds = 3000;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    base::SeededRandom random(seed);
    std::string text;
    for (std::uint64_t count = base::random_below(random, 40); count > 0; --count) {
      text += kPieces[base::random_below(random, std::size(kPieces))];
      if (base::random_below(random, 2) == 0) text += ' ';
    }
    const Formatted once = format(text, 0);
    if (once.diagnostics.empty()) {
      EXPECT_EQ(format(once.text, 0).text, once.text) << text;
    } else {
      EXPECT_TRUE(once.text.empty());
    }
  }
}

TEST(Format, OneVeryLongNameDoesNotWidenItsNeighbours) {
  const std::string name(100'000, 'x');
  const std::string text =
      "campaign " + name + " = 1 email n # a\n" + repeated("campaign c = 1 email n # b\n", 1000);
  const Formatted result = format(text, 0);
  ASSERT_TRUE(result.diagnostics.empty());
  EXPECT_LT(result.text.size(), 2 * text.size());
}

TEST(Format, AFileThatIndentationMakesTooLongIsLeftAlone) {
  constexpr int kDepth = 90;
  const std::string text = "journey j { " + repeated("if a { ", kDepth) +
                           repeated("exit ", 100'000) + repeated("} ", kDepth) + "}";
  ASSERT_LT(text.size(), kMaxFileBytes);
  const Formatted result = format(text, 0);
  EXPECT_TRUE(result.text.empty());
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_EQ(result.diagnostics[0].id, MessageId::kFileTooLong);
}

}  // namespace
}  // namespace sojourn::dsl
