#include "dsl/source.h"

#include <gtest/gtest.h>

namespace sojourn::dsl {
namespace {

TEST(SourceFile, CountsLinesAndCodePointsFromOne) {
  const SourceFile file("a.journey", "ab\n\xC3\xA9x\n");
  EXPECT_EQ(file.position(0), (Position{1, 1}));
  EXPECT_EQ(file.position(2), (Position{1, 3}));
  EXPECT_EQ(file.position(3), (Position{2, 1}));
  EXPECT_EQ(file.position(5), (Position{2, 2}));
  EXPECT_EQ(file.position(7), (Position{3, 1}));
  EXPECT_EQ(file.position(99), (Position{3, 1}));
}

TEST(SourceFile, GivesAByteOrderMarkNoColumn) {
  const SourceFile file("a.journey", "\xEF\xBB\xBFuser {}");
  EXPECT_EQ(file.position(0), (Position{1, 1}));
  EXPECT_EQ(file.position(3), (Position{1, 1}));
  EXPECT_EQ(file.position(4), (Position{1, 2}));
  EXPECT_EQ(file.line(1), "user {}");
  EXPECT_EQ(file.line_begin(1), 3U);
}

TEST(SourceFile, CountsTheColumnsOfAVeryLongLine) {
  std::string text = "x\n";
  for (int i = 0; i < 3000; ++i) text += "\xC3\xA9";
  const SourceFile file("a.journey", text);
  for (const std::uint32_t column : {1U, 511U, 512U, 513U, 2048U, 3001U}) {
    EXPECT_EQ(file.position(2 + 2 * (column - 1)), (Position{2, column}));
  }
}

TEST(SourceFile, ShowsLinesWithoutTheirEnds) {
  const SourceFile file("a.journey", "one\r\ntwo\n");
  EXPECT_EQ(file.line_count(), 3U);
  EXPECT_EQ(file.line(1), "one");
  EXPECT_EQ(file.line(2), "two");
  EXPECT_EQ(file.line(3), "");
}

TEST(SourceFile, ClipsASpanToTheFile) {
  const SourceFile file("a.journey", "abc");
  EXPECT_EQ(file.slice({0, 1, 9}), "bc");
  EXPECT_EQ(file.slice({0, 7, 9}), "");
}

TEST(Span, CoversBoth) {
  EXPECT_EQ(cover({0, 3, 5}, {0, 1, 4}), (Span{0, 1, 5}));
}

std::string without(std::string text, const std::string& what) {
  const auto at = static_cast<std::uint32_t>(text.find(what));
  const Span cut = removal(text, {0, at, at + static_cast<std::uint32_t>(what.size())});
  return text.erase(cut.begin, cut.end - cut.begin);
}

TEST(Removal, TakesTheLinesThatNothingElseStandsOn) {
  EXPECT_EQ(without("a\n  let x =\n    1  \nb\n", "let x =\n    1"), "a\nb\n");
  EXPECT_EQ(without("let x = 1", "let x = 1"), "");
  EXPECT_EQ(without("a\r\nlet x = 1\r\nb\r\n", "let x = 1"), "a\r\nb\r\n");
}

TEST(Removal, LeavesWhatStandsBeside) {
  EXPECT_EQ(without("a\nlet x = 1  # why\n", "let x = 1"), "a\n# why\n");
  EXPECT_EQ(without("let a = 2 let x = 1\n", "let x = 1"), "let a = 2 \n");
}

}  // namespace
}  // namespace sojourn::dsl
