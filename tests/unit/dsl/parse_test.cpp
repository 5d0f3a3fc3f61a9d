// What holds for every text: nothing is lost, nothing crashes, everything is bounded.
#include "dsl/parse.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

#include "base/random.h"
#include "dsl/faults.h"
#include "dsl/render.h"
#include "tests/golden/golden.h"

namespace sojourn::dsl {
namespace {

std::string joined(const ParsedFile& parsed, std::string_view text) {
  std::string result;
  for (const Token& token : parsed.tokens) result += token.text(text);
  return result;
}

// A tree whose nodes lie within their parents, in order, and within the tokens.
void expect_well_formed(const ParsedFile& parsed) {
  const Cst& cst = parsed.cst;
  ASSERT_FALSE(cst.empty());
  ASSERT_EQ(cst[0].end, cst.size());
  std::vector<std::uint32_t> parents;
  for (std::uint32_t i = 0; i < cst.size(); ++i) {
    while (!parents.empty() && cst[parents.back()].end <= i) parents.pop_back();
    ASSERT_LE(cst[i].first, cst[i].last);
    ASSERT_LE(cst[i].last, parsed.tokens.size());
    ASSERT_GT(cst[i].end, i);
    if (!parents.empty()) {
      const CstNode& parent = cst[parents.back()];
      ASSERT_LE(cst[i].end, parent.end);
      ASSERT_GE(cst[i].first, parent.first);
      ASSERT_TRUE(cst[i].last == cst[i].first || cst[i].last <= parent.last);
    }
    parents.push_back(i);
  }
}

void expect_sound(const std::string& text) {
  const ParsedFile parsed = parse(text, 0);
  ASSERT_EQ(joined(parsed, text), text);
  expect_well_formed(parsed);
  const std::vector<SourceFile> files{SourceFile("x", text)};
  render_text(parsed.diagnostics, files);
  render_json(parsed.diagnostics, files);
}

// One random edit: remove, double, swap or overwrite a piece.
void mutate(std::string& text, base::Random& random) {
  constexpr std::string_view kPieces[] = {"{", "}",    "\"", "${",    "(",    ")",
                                          " ", "\n",   ":",  "wait",  "if",   "1d",
                                          "=", "\xFF", "#",  "allow", "else", ","};
  const std::size_t at = base::random_below(random, text.size() + 1);
  const std::size_t length = base::random_below(random, 12);
  switch (base::random_below(random, 3)) {
    case 0:
      text.erase(at, length);
      return;
    case 1:
      text.insert(at, text.substr(base::random_below(random, text.size() + 1), length));
      return;
    default:
      text.insert(at, kPieces[base::random_below(random, std::size(kPieces))]);
  }
}

TEST(Parse, LosesNothingOfAnyGoldenFile) {
  for (const golden::Case& file : golden::read_cases("syntax")) {
    SCOPED_TRACE(file.name);
    expect_sound(file.text);
  }
}

TEST(Parse, SurvivesRandomEdits) {
  for (const golden::Case& file : golden::read_cases("syntax")) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      SCOPED_TRACE(file.name + " seed " + std::to_string(seed));
      base::SeededRandom random(seed);
      std::string text = file.text;
      for (std::uint64_t edits = 1 + base::random_below(random, 6); edits > 0; --edits) {
        mutate(text, random);
      }
      ASSERT_NO_FATAL_FAILURE(expect_sound(text));
    }
  }
}

TEST(Parse, ReadsTheBeginningOfEveryFile) {
  for (const golden::Case& file : golden::read_cases("syntax")) {
    for (std::size_t length = 0; length < file.text.size(); length += 7) {
      SCOPED_TRACE(file.name + " " + std::to_string(length));
      ASSERT_NO_FATAL_FAILURE(expect_sound(file.text.substr(0, length)));
    }
  }
}

TEST(Parse, ReadsNothingFromAnEmptyFile) {
  for (const char* text : {"", "\n", "# only a comment", "\xEF\xBB\xBF"}) {
    const ParsedFile parsed = parse(text, 7);
    EXPECT_TRUE(parsed.diagnostics.empty());
    EXPECT_TRUE(parsed.ast.declarations.empty());
    EXPECT_EQ(parsed.ast.index, 7U);
  }
}

TEST(Parse, RefusesAFileThatIsTooLong) {
  const ParsedFile parsed = parse(std::string(kMaxFileBytes + 1, '\n'), 0);
  ASSERT_EQ(parsed.diagnostics.size(), 1U);
  EXPECT_EQ(parsed.diagnostics[0].id, MessageId::kFileTooLong);
  EXPECT_TRUE(parsed.tokens.empty());
}

TEST(Parse, RefusesAFileOfTooManyWords) {
  std::string text;
  for (std::size_t i = 0; i < kMaxFileTokens; ++i) text += "a ";
  EXPECT_FALSE(parse(text, 0).tokens.empty());
  text += "# one more";
  const ParsedFile parsed = parse(text, 0);
  ASSERT_EQ(parsed.diagnostics.size(), 1U);
  EXPECT_EQ(parsed.diagnostics[0].id, MessageId::kTooManyWords);
  EXPECT_EQ(parsed.diagnostics[0].primary.span.begin, 2 * kMaxFileTokens);
  EXPECT_TRUE(parsed.tokens.empty());
}

TEST(Parse, KeepsABoundedNumberOfFaults) {
  std::string text;
  for (std::size_t i = 0; i < 3 * Faults::kMaxFaults; ++i) text += "wrong\n";
  EXPECT_EQ(parse(text, 0).diagnostics.size(), Faults::kMaxFaults);
}

TEST(Parse, LineBreaksMeanNothing) {
  const std::string spread =
      "journey\nj\n{\nenter\non\nlogin\nsend\nc\nwithin\n1d\nwait\n3d\nat\n09:00\n}";
  std::string one_line = spread;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  const ParsedFile a = parse(spread, 0);
  const ParsedFile b = parse(one_line, 0);
  EXPECT_TRUE(a.diagnostics.empty());
  EXPECT_TRUE(b.diagnostics.empty());
  ASSERT_EQ(a.cst.size(), b.cst.size());
  for (std::size_t i = 0; i < a.cst.size(); ++i) EXPECT_EQ(a.cst[i].kind, b.cst[i].kind);
}

TEST(Parse, KeywordsMayNameEverything) {
  const ParsedFile parsed = parse(
      "event send { wait string if integer }\n"
      "message_type event = 1 marketing opt_in\ncampaign wait = 1 email event\n"
      "journey journey { enter on send where event.wait == \"a\" send wait if: wait 1d exit as end "
      "}",
      0);
  for (const Diagnostic& found : parsed.diagnostics) ADD_FAILURE() << found.message;
}

}  // namespace
}  // namespace sojourn::dsl
