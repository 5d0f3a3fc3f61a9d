#include "proof/earliest_arrival.h"

#include <gtest/gtest.h>

#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using base::hours;
using base::Millis;

// At the step `x`.
Millis soonest(std::string_view body) {
  const test::Written journey = test::written(body);
  return earliest_arrivals(journey.graph()).steps[journey.step("x")];
}

TEST(EarliestArrival, WaitsCountWithWhatTheyTakeAtLeast) {
  EXPECT_EQ(soonest("wait 24h x: send a"), hours(24));
  EXPECT_EQ(soonest("wait 1d x: send a"), hours(22)) << "a day with a change of the clock";
  EXPECT_EQ(soonest("send b within 2h x: send a"), Millis{0});
  EXPECT_EQ(soonest("wait until 09:00 x: send a"), Millis{0});
}

TEST(EarliestArrival, TheQuickestWayCounts) {
  EXPECT_EQ(soonest("if user.flag { wait 5h } else { wait 2h } x: send a"), hours(2));
  EXPECT_EQ(soonest("wait for login up to 3h timeout { x: send a }"), hours(3));
  EXPECT_EQ(soonest("wait for login up to 3h { x: send a }"), Millis{0});
  EXPECT_EQ(soonest("wait for login up to 3h {} timeout {} x: send a"), Millis{0});
}

TEST(EarliestArrival, TheEndIsReachedByTheQuickestWayThatNoExitCuts) {
  const auto end = [](std::string_view body) {
    return earliest_arrivals(test::written(body).graph()).end;
  };
  EXPECT_EQ(end("wait 2h send a"), hours(2));
  EXPECT_EQ(end("if user.flag { exit as early } wait 5h"), hours(5));
  EXPECT_EQ(end("wait 2h exit as always"), kForever);
}

TEST(EarliestArrival, InsideARepeatTheFirstRoundCounts) {
  EXPECT_EQ(soonest("repeat up to 3 times { wait 2h x: send a again }"), hours(2));
}

TEST(EarliestArrival, ARungBeforeADateMayBeDueAtOnce) {
  EXPECT_EQ(soonest("schedule around user.t up to 9d missing continue { 1d before { x: send a } }"),
            Millis{0});
}

}  // namespace
}  // namespace sojourn::proof
