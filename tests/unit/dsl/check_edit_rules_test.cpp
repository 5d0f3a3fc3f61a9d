// Lines about an edit are read as they are written, for whoever carries them out.
#include "dsl/check_edit_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"

namespace sojourn::dsl {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

// Of a journey with these lines.
EditRules rules_of(const std::string& lines) {
  const SourceText source{"j.journey",
                          "event signup\n"
                          "policy { timezone \"Europe/Berlin\" }\n"
                          "journey j {\n  enter on signup\n" +
                              lines +
                              "\n  first:  wait 1d\n  second: wait 2d\n"
                              "  third:  wait 3d\n  fourth: wait 4d\n}\n"};
  Compilation result = compile({&source, 1}, zones());
  EXPECT_THAT(result.diagnostics, IsEmpty());
  if (!result.program) return {};
  return result.program->journeys.at(0).edit_rules;
}

TEST(EditRules, PeopleFollowUnlessTheyArePinned) {
  EXPECT_FALSE(rules_of("").pin);
  EXPECT_FALSE(rules_of("on edit follow").pin);
  EXPECT_TRUE(rules_of("on edit pin").pin);
}

TEST(EditRules, AMovedStepLeadsFromTheOldNameToTheNew) {
  const EditRules rules = rules_of("moved old -> second");
  ASSERT_THAT(rules.moved, SizeIs(1));
  EXPECT_EQ(rules.moved[0].from, "old");
  EXPECT_EQ(rules.moved[0].to, "second");
}

TEST(EditRules, FromARemovedStepPeopleLeaveOrGoOn) {
  const EditRules rules =
      rules_of("removed a -> exit\n  removed b -> exit as retired\n  removed c -> third");
  ASSERT_THAT(rules.removed, SizeIs(3));
  EXPECT_EQ(rules.removed[0].exit_reason, "exited");
  EXPECT_EQ(rules.removed[1].exit_reason, "retired");
  EXPECT_EQ(rules.removed[2].exit_reason, std::nullopt);
  EXPECT_EQ(rules.removed[2].step, "c");
  EXPECT_EQ(rules.removed[2].to, "third");
}

TEST(EditRules, ARetimedStepKeepsOneOfTheMoments) {
  using Kind = RetimedStep::Kind;
  const EditRules rules = rules_of(
      "retime first keep\n  retime second recompute\n  retime third earlier\n"
      "  retime fourth later");
  ASSERT_THAT(rules.retimed, SizeIs(4));
  EXPECT_EQ(rules.retimed[0].kind, Kind::kKeep);
  EXPECT_EQ(rules.retimed[1].kind, Kind::kRecompute);
  EXPECT_EQ(rules.retimed[2].kind, Kind::kEarlier);
  EXPECT_EQ(rules.retimed[3].kind, Kind::kLater);
  EXPECT_EQ(rules.retimed[3].step, "fourth");
}

}  // namespace
}  // namespace sojourn::dsl
