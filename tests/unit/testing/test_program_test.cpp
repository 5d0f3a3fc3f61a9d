#include "testing/test_program.h"

#include <gmock/gmock.h>

#include "tests/unit/testing/tested.h"

namespace sojourn::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TestProgram, AnEventEntersJourneysInOrderOfTheirNames) {
  const Tested tested(
      "journey c { enter on signup }\n"
      "journey a { enter on signup enter on signup where event.plan == \"x\" enter on login }\n"
      "journey b { enter on login }\n");
  EXPECT_THAT(tested.program().entered_by("signup"), ElementsAre(0, 2));
  EXPECT_THAT(tested.program().entered_by("login"), ElementsAre(0, 1));
  EXPECT_THAT(tested.program().entered_by("purchase"), IsEmpty());
  EXPECT_EQ(tested.program().journey("b"), 1U);
}

TEST(TestProgram, ATypeWithoutAnIdGetsOneThatIsNobodys) {
  const Tested tested(
      "message_type one marketing opt_in\nmessage_type two marketing opt_in\n"
      "journey a { enter on signup }\n");
  const auto one = tested.program().message_type("one").id;
  const auto two = tested.program().message_type("two").id;
  ASSERT_TRUE(one && two);
  EXPECT_LT(*one, 0);
  EXPECT_LT(*two, 0);
  EXPECT_NE(*one, *two);
  EXPECT_EQ(tested.program().message_type("news").id, 1);
}

TEST(TestProgram, AFieldReadsAsDeclaredWhenItIsNotThere) {
  const Tested tested("journey a { enter on signup }\n");
  EXPECT_EQ(tested.program().fallback("seats"), graph::Value(std::int64_t{1}));
  EXPECT_TRUE(tested.program().fallback("plan").is_missing());
  EXPECT_TRUE(tested.program().fallback("nobody").is_missing());
}

TEST(TestProgram, AnEventEntersFirstWhatHasPriority) {
  const Tested tested(
      "journey a { enter on signup priority low }\n"
      "journey b { enter on signup }\n"
      "journey c { enter on signup priority high }\n");
  EXPECT_THAT(tested.program().entered_by("signup"), ElementsAre(2, 1, 0));
}

}  // namespace
}  // namespace sojourn::testing
