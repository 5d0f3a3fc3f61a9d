#include "app/git_ignore.h"

#include <gtest/gtest.h>

namespace sojourn::app {
namespace {

GitIgnore rules(std::string_view text) {
  GitIgnore ignore;
  ignore.add_rules("", text);
  return ignore;
}

TEST(GlobMatches, StarsStopAtSlashes) {
  EXPECT_TRUE(glob_matches("*.journey", "a.journey"));
  EXPECT_FALSE(glob_matches("*.journey", "b/a.journey"));
  EXPECT_TRUE(glob_matches("a*c*e", "abcde"));
  EXPECT_FALSE(glob_matches("a*c*e", "abcd"));
  EXPECT_TRUE(glob_matches("a/*/c", "a/b/c"));
  EXPECT_FALSE(glob_matches("a/*/c", "a/b/b/c"));
  EXPECT_TRUE(glob_matches("?at", "cat"));
  EXPECT_FALSE(glob_matches("?at", "/at"));
}

TEST(GlobMatches, DoubleStarsStandForFolders) {
  EXPECT_TRUE(glob_matches("**/foo", "foo"));
  EXPECT_TRUE(glob_matches("**/foo", "a/b/foo"));
  EXPECT_FALSE(glob_matches("**/foo", "barfoo"));
  EXPECT_FALSE(glob_matches("**/foo", "a/barfoo"));
  EXPECT_TRUE(glob_matches("a/**/b", "a/b"));
  EXPECT_TRUE(glob_matches("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(glob_matches("a/**/b", "a/x/y/c"));
  EXPECT_TRUE(glob_matches("a/**", "a/x/y"));
  EXPECT_TRUE(glob_matches("**/x*/b", "a/xa/a/xb/b"));
}

TEST(GlobMatches, BracketsStandForOneCharacter) {
  EXPECT_TRUE(glob_matches("[a-c]x", "bx"));
  EXPECT_FALSE(glob_matches("[a-c]x", "dx"));
  EXPECT_TRUE(glob_matches("[!a-c]x", "dx"));
  EXPECT_TRUE(glob_matches("[]]x", "]x"));
  EXPECT_TRUE(glob_matches("[x", "[x"));
  EXPECT_TRUE(glob_matches("\\*", "*"));
  EXPECT_FALSE(glob_matches("\\*", "a"));
}

TEST(GlobMatches, ManyStarsStayQuick) {
  EXPECT_FALSE(glob_matches(std::string(40, '*') + "*a*a*a*a*a*a*a*a*b", std::string(200, 'a')));
}

TEST(GitIgnore, ANameMatchesAnywhereAPathOnlyThere) {
  EXPECT_TRUE(rules("build").ignores("a/build", true));
  EXPECT_FALSE(rules("/build").ignores("a/build", true));
  EXPECT_TRUE(rules("/build").ignores("build", true));
  EXPECT_TRUE(rules("a/build").ignores("a/build", false));
  EXPECT_FALSE(rules("a/build").ignores("b/a/build", false));
}

TEST(GitIgnore, ASlashAtTheEndMeansFolders) {
  EXPECT_TRUE(rules("data/").ignores("x/data", true));
  EXPECT_FALSE(rules("data/").ignores("x/data", false));
}

TEST(GitIgnore, TheLastRuleThatMatchesDecides) {
  EXPECT_FALSE(rules("*.journey\n!keep.journey\n").ignores("keep.journey", false));
  EXPECT_TRUE(rules("!keep.journey\n*.journey\n").ignores("keep.journey", false));
}

TEST(GitIgnore, CommentsBlankLinesAndSpacesAtTheEndMeanNothing) {
  const GitIgnore ignore = rules("# a\n\n\r\nb  \r\n\\#c\n");
  EXPECT_FALSE(ignore.ignores("a", false));
  EXPECT_TRUE(ignore.ignores("b", false));
  EXPECT_TRUE(ignore.ignores("#c", false));
}

TEST(GitIgnore, RulesOfAFolderHoldBelowItOnly) {
  GitIgnore ignore;
  ignore.add_rules("a", "/x\n*.tmp");
  EXPECT_TRUE(ignore.ignores("a/x", false));
  EXPECT_FALSE(ignore.ignores("x", false));
  EXPECT_FALSE(ignore.ignores("ab/x", false));
  EXPECT_TRUE(ignore.ignores("a/b/c.tmp", false));
  EXPECT_FALSE(ignore.ignores("b/c.tmp", false));
}

}  // namespace
}  // namespace sojourn::app
