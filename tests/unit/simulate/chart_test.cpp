// Bars are as high as what they show, and nothing of an author's text is markup.
#include "simulate/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sojourn::simulate {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Chart, ABarForEachValue) {
  const std::string chart = bar_chart("days", {"mon", "tue"}, {{"a", {4, 0}}, {"b", {2, 1}}});
  EXPECT_EQ(count_of(chart, "<rect"), 3U);
  EXPECT_THAT(chart, HasSubstr("<title>mon: a 4</title>"));
  EXPECT_THAT(chart, HasSubstr("<title>tue: b 1</title>"));
  // The scale goes to 8 in four steps, over 220 units.
  EXPECT_THAT(chart, HasSubstr("height=\"110.00\"><title>mon: a 4"));
}

TEST(Chart, ManyNeighboursShareABar) {
  std::vector<std::string> labels;
  Series series{"a", {}};
  for (std::size_t i = 0; i < 3 * kMostBars; ++i) {
    labels.push_back("day" + std::to_string(i));
    series.values.push_back(1);
  }
  const std::string chart = bar_chart("days", labels, {series});
  EXPECT_EQ(count_of(chart, "<rect"), kMostBars);
  EXPECT_THAT(chart, HasSubstr("<title>day3 to day5: a 3</title>"));
}

TEST(Chart, NothingIsDrawnOfNothing) {
  EXPECT_EQ(count_of(bar_chart("days", {}, {}), "<rect"), 0U);
}

TEST(Chart, AnAuthorsTextIsNoMarkup) {
  EXPECT_THAT(bar_chart("<b>", {"<i>"}, {{"<u>", {1}}}), Not(HasSubstr("<u>")));
}

}  // namespace
}  // namespace sojourn::simulate
