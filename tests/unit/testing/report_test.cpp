// The forms for machines are well formed, whatever the texts contain; the words of
// all forms are in tests/golden/testing.
#include "testing/report.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kText =
    "journey trial { enter on signup send welcome with { plan: entry.plan } }\n"
    "test trial \"a <b> & \\\"c\\\"\\n\" { at 2026-03-02T10:00Z\n"
    "  event signup { plan: \"]]> & \\u{1} <x>\" } }\n"
    "test trial \"fine\" { case one {} case two {} at 2026-03-02T10:00Z }\n";

TEST(Report, JsonSaysWhichTestsFailedAndWhere) {
  const Tested tested(kText);
  const auto json = nlohmann::json::parse(render_json(tested.results(), nullptr, tested.files()));
  ASSERT_EQ(json["tests"].size(), 3U);
  const auto& failed = json["tests"][0];
  EXPECT_EQ(failed["title"], "a <b> & \"c\"\n");
  EXPECT_EQ(failed["passed"], false);
  EXPECT_EQ(failed["case"], nullptr);
  EXPECT_EQ(failed["failure"]["file"], "trial.journey");
  EXPECT_EQ(failed["failure"]["line"], 3);
  EXPECT_EQ(failed["failure"]["timeline"][2]["differs"], true);
  EXPECT_EQ(json["tests"][2]["case"], "two");
  EXPECT_EQ(json["tests"][2]["failure"], nullptr);
  EXPECT_EQ(json["coverage"], nullptr);
}

TEST(Report, JsonHasTheCoverageThatWasAskedFor) {
  const Tested tested(kText);
  const std::vector<Coverage::Report> covered{tested.covered()};
  const auto json = nlohmann::json::parse(render_json(tested.results(), &covered, tested.files()));
  ASSERT_EQ(json["coverage"].size(), 1U);
  EXPECT_EQ(json["coverage"][0]["journey"], "trial");
  EXPECT_EQ(json["coverage"][0]["steps"]["total"], 1);
  EXPECT_EQ(json["coverage"][0]["percent"], 100);
}

TEST(Report, JUnitEscapesWhatXmlCannotHold) {
  const Tested tested(kText);
  const std::string xml = render_junit(tested.results(), tested.files());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"trial\" tests=\"3\" failures=\"1\">"));
  EXPECT_THAT(xml, HasSubstr("name=\"a &lt;b&gt; &amp; &quot;c&quot;&#10;\""));
  EXPECT_THAT(xml, HasSubstr("name=\"fine case two\""));
  EXPECT_THAT(xml, Not(HasSubstr("]]>")));
  EXPECT_THAT(xml, Not(HasSubstr("\x01")));
}

TEST(Report, TextEndsWithTheSum) {
  const Tested tested(kText);
  const std::string text = render_text(tested.results(), tested.files());
  EXPECT_THAT(text, HasSubstr("ok    trial \"fine\" case one\n"));
  EXPECT_THAT(text, HasSubstr("2 passed, 1 failed\n"));
}

}  // namespace
}  // namespace sojourn::testing
