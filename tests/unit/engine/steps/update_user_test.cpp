#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::GraphBuilder;
using test::OneUser;

graph::StepIndex exits_by_plan(GraphBuilder& b) {
  const auto pro = b.equal(b.user("plan"), b.text("pro"));
  return b.step("plan",
                graph::Branch{.arms = {{pro, b.exit("is_pro")}}, .otherwise = b.exit("is_other")});
}

TEST(UpdateUser, TheRestOfTheTurnSeesTheNewValues) {
  GraphBuilder b;
  const auto fields = b.object({{"plan", b.text("pro")}, {"seats", b.integer(3)}});
  OneUser user(b.build(b.step("update", graph::UpdateUser{fields, exits_by_plan(b)})));
  user.profile.fields["plan"] = Value("free");
  user.enters();
  EXPECT_EQ(user.effects(), "update update 1; plan -> 1; exit is_pro");
}

TEST(UpdateUser, TheEffectCarriesTheFields) {
  GraphBuilder b;
  const auto fields = b.object({{"plan", b.text("pro")}, {"coupon", b.user("nothing")}});
  OneUser user(b.build(b.step("update", graph::UpdateUser{fields})));
  user.enters();
  const auto& change = std::get<ChangeProfile>(user.last_effects()[1]);
  EXPECT_EQ(change.fields,
            (std::vector<graph::Field>{{"coupon", Value()}, {"plan", Value("pro")}}));
}

TEST(UpdateUser, AMissingValueClearsTheFieldToItsFallback) {
  GraphBuilder b;
  const auto fields = b.object({{"plan", b.user("nothing")}});
  const auto graph = b.build(b.step("update", graph::UpdateUser{fields, exits_by_plan(b)}));
  OneUser cleared(graph);
  cleared.profile.fields["plan"] = Value("pro");
  cleared.enters();
  EXPECT_EQ(cleared.place(), "ended: is_other");
  OneUser with_fallback(graph);
  with_fallback.profile.fields["plan"] = Value("free");
  with_fallback.profile.fallbacks["plan"] = Value("pro");
  with_fallback.enters();
  EXPECT_EQ(with_fallback.place(), "ended: is_pro");
}

TEST(UpdateUser, AChangeThatMeetsAnExitRuleExitsBeforeTheNextStep) {
  GraphBuilder b;
  b.exit_when(b.equal(b.user("plan"), b.text("pro")), "upgraded");
  const auto send = b.send("welcome");
  const auto fields = b.object({{"plan", b.text("pro")}});
  OneUser user(b.build(b.step("update", graph::UpdateUser{fields, send})));
  user.enters();
  EXPECT_EQ(user.effects(), "update update 1; exit upgraded");
}

}  // namespace
}  // namespace sojourn::engine
