#include "dsl/lexer.h"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace sojourn::dsl {
namespace {

using K = TokenKind;

struct Lexed {
  std::vector<Token> tokens;
  std::vector<Diagnostic> faults;
};

Lexed lexed(std::string_view text) {
  Faults faults;
  Lexed result{lex(text, 0, faults), {}};
  result.faults = std::move(faults).take();
  return result;
}

// The kinds of the tokens that are no white space.
std::vector<K> kinds(std::string_view text) {
  std::vector<K> result;
  for (const Token& token : lexed(text).tokens) {
    if (token.kind != K::kSpace) result.push_back(token.kind);
  }
  return result;
}

std::string joined(std::string_view text) {
  std::string result;
  for (const Token& token : lexed(text).tokens) result += token.text(text);
  return result;
}

TEST(Lexer, KnowsEveryKindOfLiteral) {
  EXPECT_EQ(kinds("1_000 2.5 50% 12.5%"),
            (std::vector{K::kInteger, K::kNumber, K::kPercent, K::kPercent}));
  EXPECT_EQ(kinds("45s 1mo 1y 1d12h 30m 2w"), std::vector(6, K::kDuration));
  EXPECT_EQ(kinds("09:00 2026-03-01"), (std::vector{K::kTimeOfDay, K::kDate}));
  EXPECT_EQ(
      kinds("2026-03-01T09:00Z 2026-03-01T09:00:30.250+02:00 2026-03-01T09:00[Europe/Berlin]"),
      std::vector(3, K::kTimestamp));
}

TEST(Lexer, ReadsRangesBetweenLiterals) {
  EXPECT_EQ(kinds("9..10"), (std::vector{K::kInteger, K::kDotDot, K::kInteger}));
  EXPECT_EQ(kinds("21:00..08:00"), (std::vector{K::kTimeOfDay, K::kDotDot, K::kTimeOfDay}));
  EXPECT_EQ(kinds("2026-03-01T09:00Z..x"),
            (std::vector{K::kTimestamp, K::kDotDot, K::kIdentifier}));
}

TEST(Lexer, KnowsEveryMark) {
  EXPECT_EQ(kinds("{ } ( ) [ ] , : . .. -> = == != < <= > >= + - * / | ?"),
            (std::vector{K::kOpenBrace,   K::kCloseBrace,   K::kOpenParen, K::kCloseParen,
                         K::kOpenBracket, K::kCloseBracket, K::kComma,     K::kColon,
                         K::kDot,         K::kDotDot,       K::kArrow,     K::kAssign,
                         K::kEqual,       K::kNotEqual,     K::kLess,      K::kLessEqual,
                         K::kGreater,     K::kGreaterEqual, K::kPlus,      K::kMinus,
                         K::kStar,        K::kSlash,        K::kPipe,      K::kQuestion}));
}

TEST(Lexer, TellsKeywordsFromNames) {
  EXPECT_EQ(kinds("send sender Send"), (std::vector{K::kwSend, K::kIdentifier, K::kIdentifier}));
  EXPECT_TRUE(may_be_name(K::kwSend));
  EXPECT_EQ(keyword_text(K::kwSend), "send");
  EXPECT_EQ(keyword_text(K::kIdentifier), "");
}

TEST(Lexer, SplitsAStringAtItsInterpolations) {
  EXPECT_EQ(kinds(R"("a${x}b${y}c")"),
            (std::vector{K::kStringOpen, K::kIdentifier, K::kStringMiddle, K::kIdentifier,
                         K::kStringClose}));
  EXPECT_EQ(kinds(R"("a${upper("b${"c"}")}")"),
            (std::vector{K::kStringOpen, K::kIdentifier, K::kOpenParen, K::kStringOpen, K::kString,
                         K::kStringClose, K::kCloseParen, K::kStringClose}));
}

TEST(Lexer, DoesNotTakeAMapInAnInterpolationForItsEnd) {
  EXPECT_EQ(kinds(R"("${ {a: 1} }")"),
            (std::vector{K::kStringOpen, K::kOpenBrace, K::kIdentifier, K::kColon, K::kInteger,
                         K::kCloseBrace, K::kStringClose}));
}

TEST(Lexer, KeepsEscapesAndLoneDollarsInOneString) {
  EXPECT_EQ(kinds(R"("a \" b \\" "$5 \u{24}{")"), (std::vector{K::kString, K::kString}));
}

TEST(Lexer, EndsAStringWithoutAQuoteAtItsLine) {
  const Lexed result = lexed("\"open ${x\nnext");
  ASSERT_EQ(result.tokens.size(), 3U);
  EXPECT_EQ(result.tokens[0].kind, K::kUnterminatedString);
  EXPECT_EQ(result.tokens[2].kind, K::kIdentifier);
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].id, MessageId::kUnterminatedString);
}

TEST(Lexer, BoundsHowDeepStringsNest) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxStringNesting; ++i) text += "\"${";
  for (std::size_t i = 0; i <= kMaxStringNesting; ++i) text += "}\"";
  EXPECT_EQ(kinds(text), std::vector{K::kUnterminatedString});
  text = text.substr(3, text.size() - 5);
  EXPECT_EQ(kinds(text).size(), 2 * kMaxStringNesting);
}

TEST(Lexer, ReportsWhatNoGrammarCouldAccept) {
  const std::pair<std::string, MessageId> examples[] = {
      {"a ; b", MessageId::kJunk},
      {"1.5h", MessageId::kBadNumber},
      {"12abc", MessageId::kBadNumber},
      {"a && b", MessageId::kForeign},
      {"// no", MessageId::kForeign},
      {"\xFF", MessageId::kInvalidUtf8},
      {std::string("a\0b", 3), MessageId::kNulByte},
  };
  for (const auto& [text, id] : examples) {
    const Lexed result = lexed(text);
    ASSERT_EQ(result.faults.size(), 1U) << text;
    EXPECT_EQ(result.faults[0].id, id) << text;
  }
}

TEST(Lexer, ReportsAPairOfForeignQuotesOnce) {
  EXPECT_EQ(lexed("owner \xE2\x80\x9Cme\xE2\x80\x9D\nowner 'me'").faults.size(), 2U);
}

TEST(Lexer, LosesNothing) {
  const std::string texts[] = {
      "",
      "\xEF\xBB\xBFuser {\r\n\tname string # why\r\n}\r\n",
      "\"open\n\"a${b}\" 1.5h ; \xFF\xFE // x",
      std::string("a\0b \x01", 5),
  };
  for (const std::string& text : texts) EXPECT_EQ(joined(text), text);
}

}  // namespace
}  // namespace sojourn::dsl
