// Sums and ranks of a tally.
#include "simulate/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/simulate/simulated.h"

namespace sojourn::simulate {
namespace {

using ::testing::ElementsAre;

Figures figures_of_stays(std::vector<base::Millis> stays) {
  static const Simulated journey("journey trial { enter on signup send tips }\n");
  Tally tally(journey.graph(), Simulated::kDays);
  tally.stays = std::move(stays);
  return figures_of(journey.graph(), journey.catalog(), {}, std::move(tally));
}

TEST(Figures, StaysAreRanked) {
  EXPECT_FALSE(figures_of_stays({}).stay);
  const auto one = figures_of_stays({base::hours(30)}).stay;
  ASSERT_TRUE(one);
  EXPECT_EQ(one->median, base::hours(30));
  EXPECT_THAT(one->by_day, ElementsAre(0, 1));
  std::vector<base::Millis> eleven;
  for (int i = 10; i >= 0; --i) eleven.push_back(base::hours(i));
  const auto stay = figures_of_stays(eleven).stay;
  ASSERT_TRUE(stay);
  EXPECT_EQ(stay->median, base::hours(5));
  EXPECT_EQ(stay->p90, base::hours(9));
  EXPECT_EQ(stay->longest, base::hours(10));
}

TEST(Figures, ReasonsStandTheMostFrequentFirst) {
  const Simulated journey("journey trial { enter on signup send tips }\n");
  Tally tally(journey.graph(), Simulated::kDays);
  tally.exits = {{"a", 1}, {"b", 5}, {"c", 5}};
  const Figures figures = figures_of(journey.graph(), journey.catalog(), {}, std::move(tally));
  std::vector<std::string> names;
  for (const Reason& reason : figures.exits) names.push_back(reason.name);
  EXPECT_THAT(names, ElementsAre("b", "c", "a"));
}

TEST(Figures, DaysHaveDates) {
  const base::Instant start = *base::parse_timestamp("2026-02-27T00:00Z");
  EXPECT_EQ(date_of_day(start, 0), "2026-02-27");
  EXPECT_EQ(date_of_day(start, 2), "2026-03-01");
}

}  // namespace
}  // namespace sojourn::simulate
