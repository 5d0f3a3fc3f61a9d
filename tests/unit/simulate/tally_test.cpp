// Tallies add up, whatever the order.
#include "simulate/tally.h"

#include <gtest/gtest.h>

#include "tests/unit/simulate/simulated.h"

namespace sojourn::simulate {
namespace {

TEST(Tally, EverySumIsTaken) {
  const Simulated journey(
      "journey trial { enter on signup split s { 50% a { send tips } 50% b {} } }\n");
  const auto some = [&](Count n) {
    Tally tally(journey.graph(), 2);
    tally.users = n;
    tally.never_entered = n;
    tally.entered = n;
    for (std::size_t step = 0; step < journey.graph().steps.size(); ++step) {
      tally.reached[step] = n;
      tally.inside[step] = n;
      tally.planned[step] = n;
      tally.skipped[step]["late"] = n;
      for (auto& count : tally.arms[step]) count = n;
      // One is of both.
      for (auto& units : tally.units[step]) {
        if (n != 2) units.insert({7, 8});
        if (n != 1) units.insert({8, 9});
      }
      for (auto& count : tally.sent[step]) count = n;
    }
    tally.exits["completed"] = n;
    tally.stays.assign(n, base::hours(1));
    return tally;
  };
  Tally sum = some(1);
  sum.add(some(2));
  const Tally three = some(3);
  EXPECT_EQ(sum.users, three.users);
  EXPECT_EQ(sum.never_entered, three.never_entered);
  EXPECT_EQ(sum.entered, three.entered);
  EXPECT_EQ(sum.reached, three.reached);
  EXPECT_EQ(sum.inside, three.inside);
  EXPECT_EQ(sum.arms, three.arms);
  EXPECT_EQ(sum.units, three.units);
  EXPECT_EQ(sum.exits, three.exits);
  EXPECT_EQ(sum.stays, three.stays);
  EXPECT_EQ(sum.planned, three.planned);
  EXPECT_EQ(sum.sent, three.sent);
  EXPECT_EQ(sum.skipped, three.skipped);
}

}  // namespace
}  // namespace sojourn::simulate
