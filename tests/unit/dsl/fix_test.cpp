#include "dsl/fix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"

namespace sojourn::dsl {
namespace {

using ::testing::IsEmpty;

constexpr std::string_view kWorld = R"(
user { plan string, seats integer = 1 }
event signup
policy { timezone "Europe/Berlin" }
)";

FixOutcome fix(const std::string& text, bool wanted = true) {
  static const auto zones = tzdata::SystemZones::open();
  const std::vector<SourceText> sources{{"a.journey", text}, {"b.journey", std::string(kWorld)}};
  return fix_all(sources, **zones, [&](std::string_view) { return wanted; });
}

// The text after the fixes; a second run must change nothing.
std::string fixed(const std::string& text) {
  const FixOutcome outcome = fix(text);
  const std::string after = outcome.changed.empty() ? text : outcome.changed[0].text;
  EXPECT_THAT(fix(after).changed, IsEmpty()) << after;
  EXPECT_EQ(outcome.compilation.files[0].text(), after);
  return after;
}

TEST(Fix, WritesOurWordsForThoseOfOtherLanguages) {
  EXPECT_EQ(fixed("journey j {\n  enter on signup // now\n"
                  "  if user.seats > 1&&!(user.plan == \"a\") || user.seats == 9 { exit };\n}\n"),
            "journey j {\n  enter on signup # now\n"
            "  if user.seats > 1 and not (user.plan == \"a\") or user.seats == 9 { exit }\n}\n");
}

TEST(Fix, CorrectsAKeywordAndWhatIsCertain) {
  EXPECT_EQ(
      fixed("journey j {\n  enter on signup\n  waait 1d at 9:00\n  if user.plan = \"a\" { exit "
            "}\n}\n"),
      "journey j {\n  enter on signup\n  wait 1d at 09:00\n  if user.plan == \"a\" { exit }\n}\n");
}

TEST(Fix, LeavesNamesToTheAuthor) {
  const std::string text = "journey j {\n  enter on signupp\n  if user.plam == \"a\" { exit }\n}\n";
  EXPECT_EQ(fixed(text), text);
}

TEST(Fix, RemovesAConstantThatNothingUsesAndThenWhatOnlyItUsed) {
  EXPECT_EQ(fixed("let a = 1\nlet b = a\nlet kept = 2\njourney j {\n  enter on signup\n"
                  "  if user.seats > kept { exit }\n}\n"),
            "let kept = 2\njourney j {\n  enter on signup\n  if user.seats > kept { exit }\n}\n");
}

TEST(Fix, RemovesNothingThatAnAuthorWroteAbout) {
  const std::string text = "# For the spring journey.\nlet a = 1\n";
  EXPECT_EQ(fixed(text), text);
  const std::string list = "list vips = 7\n";
  EXPECT_EQ(fixed(list), list);
}

TEST(Fix, RemovesAllowsThatDoNothing) {
  EXPECT_EQ(fixed("journey j {\n  enter on signup\n  allow unused-declaration \"x\"\n  wait 1d\n"
                  "  allow unused-allow \"y\" # beside\n}\n"),
            "journey j {\n  enter on signup\n  wait 1d\n  # beside\n}\n");
}

TEST(Fix, CountsWhatItMade) {
  const FixOutcome outcome = fix("let a = 1\nlet b = a\n");
  EXPECT_EQ(outcome.fixes, 2U);
  EXPECT_THAT(outcome.compilation.diagnostics, IsEmpty());
}

TEST(Fix, TouchesOnlyFilesAskedFor) {
  const FixOutcome outcome = fix("let a = 1\n", false);
  EXPECT_THAT(outcome.changed, IsEmpty());
  EXPECT_EQ(outcome.compilation.diagnostics.size(), 1U);
}

TEST(Edited, MakesEditsInOrderOfPlace) {
  EXPECT_EQ(edited("abcdef", {{{0, 4, 5}, "E"}, {{0, 0, 2}, ""}, {{0, 6, 6}, "!"}}), "cdEf!");
}

}  // namespace
}  // namespace sojourn::dsl
