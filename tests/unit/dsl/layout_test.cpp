#include "dsl/layout.h"

#include <gtest/gtest.h>
#include <string>

namespace sojourn::dsl {
namespace {

constexpr std::size_t kRoom = 10'000;
constexpr std::string_view kSource = "abcdefghij(){}# one# two\xC3\xA4";

// Says text by what it is.
class LayoutTest : public ::testing::Test {
 protected:
  void say(std::string_view piece) {
    layout.text(static_cast<std::uint32_t>(kSource.find(piece)),
                static_cast<std::uint32_t>(piece.size()));
  }
  void note(std::string_view comment) {
    layout.end_comment(static_cast<std::uint32_t>(kSource.find(comment)),
                       static_cast<std::uint32_t>(comment.size()));
  }
  std::string print(std::uint32_t width) const { return layout.print(width, kRoom).value_or("-"); }

  Layout layout{kSource};
};

TEST_F(LayoutTest, AGroupThatFitsIsOneLine) {
  layout.begin_group(Layout::Group::kExpression);
  layout.indent_by(2);
  say("abc");
  layout.line();
  say("def");
  layout.soft_line();
  say(")");
  layout.outdent();
  layout.end_group();
  EXPECT_EQ(print(8), "abc def)\n");
  EXPECT_EQ(print(7), "abc\n  def\n  )\n");
}

TEST_F(LayoutTest, WhatFollowsAGroupMustFitToo) {
  layout.begin_group(Layout::Group::kExpression);
  say("abc");
  layout.line();
  say("def");
  layout.end_group();
  say("()");
  EXPECT_EQ(print(9), "abc def()\n");
  EXPECT_EQ(print(8), "abc\ndef()\n");
}

TEST_F(LayoutTest, TheOuterGroupBreaksFirst) {
  layout.begin_group(Layout::Group::kExpression);
  say("ab");
  layout.line();
  layout.begin_group(Layout::Group::kExpression);
  say("cd");
  layout.line();
  say("ef");
  layout.end_group();
  layout.end_group();
  EXPECT_EQ(print(7), "ab\ncd ef\n");
  EXPECT_EQ(print(4), "ab\ncd\nef\n");
}

TEST_F(LayoutTest, FillLinesEndOnlyFullLines) {
  for (const char* word : {"ab", "cd", "ef"}) {
    say(word);
    layout.fill_line();
  }
  say("gh");
  EXPECT_EQ(print(5), "ab cd\nef gh\n");
  EXPECT_EQ(print(11), "ab cd ef gh\n");
}

TEST_F(LayoutTest, WhatFollowsABrokenExpressionBeginsALine) {
  layout.indent_to(4);
  layout.begin_group(Layout::Group::kExpression);
  say("abcdef");
  layout.line();
  say("g");
  layout.end_group();
  layout.fill_line();
  say("h");
  EXPECT_EQ(print(6), "abcdef\n    g\n    h\n");
}

TEST_F(LayoutTest, NobodyMakesRoomForAListThatMayBreak) {
  say("ab");
  layout.fill_line();
  say("{");
  layout.begin_group(Layout::Group::kList);
  layout.indent_here(0);
  layout.indent_here(2);
  layout.line();
  say("abcdefghij");
  layout.outdent();
  layout.line();
  say("}");
  layout.outdent();
  layout.end_group();
  layout.fill_line();
  say("cd");
  EXPECT_EQ(print(12), "ab {\n  abcdefghij\n} cd\n");
  EXPECT_EQ(print(20), "ab { abcdefghij } cd\n");
}

TEST_F(LayoutTest, AGroupMayBeBrokenWhateverItsWidth) {
  layout.begin_group(Layout::Group::kList);
  layout.begin_group(Layout::Group::kExpression);
  say("ab");
  layout.line();
  layout.break_open_groups();
  say("cd");
  layout.end_group();
  layout.end_group();
  EXPECT_EQ(print(80), "ab\ncd\n");
}

TEST_F(LayoutTest, PadsCountOnlyInBrokenGroups) {
  layout.begin_group(Layout::Group::kList);
  say("ab");
  layout.pad(4);
  say("cd");
  layout.line();
  say("ef");
  layout.end_group();
  EXPECT_EQ(print(8), "ab cd ef\n");
  EXPECT_EQ(print(7), "ab    cd\nef\n");
}

TEST_F(LayoutTest, CommentsOfNeighbouringLinesStandInOneColumn) {
  say("abc");
  note("# one");
  layout.hard_line();
  say("a");
  note("# two");
  layout.hard_line(true);
  say("a");
  note("# one");
  layout.hard_line();
  layout.indent_to(2);
  layout.hard_line();
  say("abc");
  note("# two");
  EXPECT_EQ(print(80), "abc # one\na   # two\n\na # one\n\n  abc # two\n");
}

TEST_F(LayoutTest, CommentsOfLinesThatAreTooLongMoveNobody) {
  say("abcdefghij");
  note("# one");
  layout.hard_line();
  say("a");
  note("# two");
  EXPECT_EQ(print(9), "abcdefghij # one\na # two\n");
}

TEST_F(LayoutTest, NoLineEndsInASpace) {
  say("ab");
  layout.pad(5);
  layout.hard_line(true);
  layout.space();
  say("cd");
  layout.pad(3);
  EXPECT_EQ(print(80), "ab\n\ncd\n");
}

TEST_F(LayoutTest, ColumnsAreCodePoints) {
  layout.begin_group(Layout::Group::kExpression);
  say("\xC3\xA4");
  layout.line();
  say("b");
  layout.end_group();
  EXPECT_EQ(print(3), "\xC3\xA4 b\n");
}

TEST_F(LayoutTest, NothingIsPrintedBeyondTheLimit) {
  layout.indent_to(50);
  layout.hard_line();
  say("ab");
  layout.hard_line();
  say("cd");
  EXPECT_EQ(layout.print(80, 105), std::nullopt);
  EXPECT_TRUE(layout.print(80, 106).has_value());
}

TEST_F(LayoutTest, NothingGivesNothing) {
  EXPECT_EQ(print(80), "");
}

}  // namespace
}  // namespace sojourn::dsl
