#include "proof/always_reached.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

// The ways of the witness that leave the step labelled `x` out; empty when there is none.
bool can_be_left_out(std::string_view body) {
  const test::Written journey = test::written(body);
  const auto witness = way_around(journey.timed(), journey.step("x"));
  if (witness) {
    EXPECT_TRUE(witness->completes);
    EXPECT_EQ(std::ranges::count(witness->legs, journey.step("x"), &Leg::step), 0);
  }
  return witness.has_value();
}

TEST(AlwaysReached, AStepOfTheMainRoadIs) {
  EXPECT_FALSE(can_be_left_out("wait 1d x: send a wait 1d"));
  EXPECT_FALSE(can_be_left_out("x: send a"));
}

TEST(AlwaysReached, AStepOfABranchIsNot) {
  EXPECT_TRUE(can_be_left_out("if user.flag { x: send a }"));
  EXPECT_TRUE(can_be_left_out("split s { 50% one { x: send a } 50% two {} }"));
  EXPECT_TRUE(can_be_left_out("wait for login up to 1d { x: send a }"));
}

TEST(AlwaysReached, WaysThatAnExitEndsDoNotCount) {
  EXPECT_FALSE(can_be_left_out("if user.flag { exit } x: send a"));
  EXPECT_FALSE(can_be_left_out("wait until user.t past exit missing exit x: send a"));
}

TEST(AlwaysReached, ARungMayBeSkipped) {
  EXPECT_TRUE(can_be_left_out("schedule around user.t missing exit { 1d before { x: send a } }"));
  EXPECT_FALSE(
      can_be_left_out("schedule around user.t missing exit { 1d before { send a } } "
                      "x: send b"));
}

}  // namespace
}  // namespace sojourn::proof
