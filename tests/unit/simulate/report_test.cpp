// The forms for machines and browsers; the table is in tests/golden/simulate.
#include "simulate/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/simulate/simulated.h"

namespace sojourn::simulate {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kJourney = R"(
journey trial "Tips & <tricks>" {
  enter on signup
  exit  on purchase as bought
  send tips
  wait 2d
  split road {
    50% a { send welcome }
    50% b { send text }
  }
}
)";

std::vector<std::string> keys_of(const nlohmann::json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(ReportJson, HasTheKeysThatAreWrittenDown) {
  using ::testing::UnorderedElementsAre;
  const auto json = nlohmann::json::parse(render_json(Simulated(kJourney).figures(500)));
  EXPECT_THAT(keys_of(json),
              UnorderedElementsAre("journey", "title", "users", "seed", "days", "start",
                                   "never_entered", "entered", "inside", "exits", "goals", "stay",
                                   "messages", "splits", "steps"));
  EXPECT_THAT(keys_of(json["stay"]),
              UnorderedElementsAre("median_ms", "p90_ms", "longest_ms", "by_day"));
  EXPECT_THAT(keys_of(json["messages"]),
              UnorderedElementsAre("planned", "sent", "waiting", "skipped", "per_day", "media",
                                   "campaigns"));
  EXPECT_THAT(keys_of(json["messages"]["campaigns"][0]),
              UnorderedElementsAre("campaign", "medium", "planned", "sent", "waiting", "skipped",
                                   "per_day"));
  EXPECT_THAT(keys_of(json["messages"]["media"][0]),
              UnorderedElementsAre("medium", "sent", "per_day"));
  EXPECT_THAT(keys_of(json["splits"][0]),
              UnorderedElementsAre("split", "arms", "units", "chi_square", "degrees_of_freedom",
                                   "p", "as_expected"));
  EXPECT_THAT(keys_of(json["splits"][0]["arms"][0]),
              UnorderedElementsAre("arm", "share", "people"));
  EXPECT_THAT(keys_of(json["steps"][0]), UnorderedElementsAre("step", "kind", "reached", "inside"));
  EXPECT_EQ(json["users"], 500);
  EXPECT_EQ(json["messages"]["per_day"].size(), Simulated::kDays);
  EXPECT_EQ(json["start"], "2026-03-02T00:00:00Z");
}

TEST(ReportJson, NobodyWhoLeftHasNoStay) {
  const Simulated journey("journey trial { enter on signup wait 1y }\n");
  const auto json = nlohmann::json::parse(render_json(journey.figures(10)));
  EXPECT_EQ(json["stay"], nullptr);
}

TEST(ReportHtml, IsOnePageThatAsksForNothingElse) {
  const std::string page = render_html(Simulated(kJourney).figures(500));
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_THAT(page, AllOf(HasSubstr("<svg"), HasSubstr("prefers-color-scheme: dark"),
                          HasSubstr("Tips &amp; &lt;tricks&gt;"), HasSubstr("Split road")));
  for (const char* outside : {"http:", "https:", "<script", "<link", "<img", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

}  // namespace
}  // namespace sojourn::simulate
