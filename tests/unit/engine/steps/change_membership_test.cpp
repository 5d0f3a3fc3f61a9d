#include <gtest/gtest.h>
#include <map>

#include "graph/catalog.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::ConsentPolicy;
using graph::ExprId;
using graph::Op;
using test::calendar_days;
using test::GraphBuilder;
using test::OneUser;

// On list `old`, with three message types declared.
class Declared final : public MembershipView {
 public:
  const graph::MessageType* message_type(std::string_view name) const override {
    const auto found = types.find(name);
    return found == types.end() ? nullptr : &found->second;
  }
  bool in_list(std::string_view list) const override { return list == "old"; }
  bool in_journey(std::string_view) const override { return false; }
  std::optional<base::Instant> left_at(std::string_view, std::string_view) const override {
    return {};
  }

  std::map<std::string, graph::MessageType, std::less<>> types{
      {"news", {"news", 1, true, ConsentPolicy::kOptIn}},
      {"account", {"account", 2, false, ConsentPolicy::kOptOut}},
      {"texts", {"texts", 3, true, ConsentPolicy::kDoubleOptIn}}};
};

class ChangeMembership : public testing::Test {
 protected:
  ExprId ask(Op op, const char* name) { return b_.add({.op = op, .name = name}); }
  // "yes" or "no", by what holds where the step leads to.
  graph::StepIndex whether(ExprId condition) {
    return b_.step("whether", graph::Branch{.arms = {{condition, b_.exit("yes")}},
                                            .otherwise = b_.exit("no")});
  }
  graph::StepIndex list(const char* name, bool joins, graph::StepIndex next) {
    return b_.step("list", graph::ChangeList{name, joins, next});
  }
  graph::StepIndex consent(std::vector<std::string> types, bool subscribes, graph::StepIndex next) {
    return b_.step("consent", graph::ChangeSubscription{std::move(types), subscribes, next});
  }
  OneUser& enters(graph::StepIndex first) {
    user_.emplace(b_.build(first));
    user_->memberships = &declared_;
    user_->enters();
    return *user_;
  }

  GraphBuilder b_;
  Declared declared_;
  std::optional<OneUser> user_;
};

TEST_F(ChangeMembership, TheRestOfTheTurnSeesTheList) {
  EXPECT_EQ(enters(list("vips", true, whether(ask(Op::kInList, "vips")))).effects(),
            "add to vips 1; whether -> 1; exit yes");
}

TEST_F(ChangeMembership, TheRestOfTheTurnSeesThatTheListWasLeft) {
  EXPECT_EQ(enters(list("old", false, whether(ask(Op::kInList, "old")))).effects(),
            "remove from old 1; whether -> else; exit no");
}

TEST_F(ChangeMembership, OfTwoChangesTheLaterCounts) {
  const auto leaves =
      b_.step("again", graph::ChangeList{"vips", false, whether(ask(Op::kInList, "vips"))});
  EXPECT_EQ(enters(list("vips", true, leaves)).effects(),
            "add to vips 1; remove from vips 1; whether -> else; exit no");
}

TEST_F(ChangeMembership, WhoIsKnownToBelongToNothingCanJoin) {
  user_.emplace(b_.build(list("vips", true, whether(ask(Op::kInList, "vips")))));
  user_->enters();
  EXPECT_EQ(user_->place(), "ended: yes");
}

TEST_F(ChangeMembership, TheRestOfTheTurnSeesTheSubscription) {
  EXPECT_EQ(enters(consent({"news"}, true, whether(ask(Op::kSubscribedTo, "news")))).effects(),
            "subscribe to news 1; whether -> 1; exit yes");
}

TEST_F(ChangeMembership, EachTypeIsAnEffectOfItsOwn) {
  const ExprId none =
      b_.op(Op::kNot,
            {b_.op(Op::kOr, {ask(Op::kSubscribedTo, "account"), ask(Op::kSubscribedTo, "news")})});
  EXPECT_EQ(enters(consent({"account", "news"}, false, whether(none))).effects(),
            "unsubscribe from account 1; unsubscribe from news 2; whether -> 1; exit yes");
}

TEST_F(ChangeMembership, WhoIsToBeAskedFirstIsNotSubscribed) {
  EXPECT_EQ(enters(consent({"texts"}, true, whether(ask(Op::kSubscribedTo, "texts")))).effects(),
            "subscribe to texts 1; whether -> else; exit no");
}

TEST_F(ChangeMembership, AChangeThatMeetsAnExitRuleExitsBeforeTheNextStep) {
  b_.exit_when(ask(Op::kInList, "vips"), "promoted");
  EXPECT_EQ(enters(list("vips", true, b_.send("welcome"))).effects(),
            "add to vips 1; exit promoted");
}

TEST_F(ChangeMembership, ASubscriptionThatMeetsAnExitRuleExitsBeforeTheNextStep) {
  b_.exit_when(ask(Op::kSubscribedTo, "news"), "agreed");
  EXPECT_EQ(enters(consent({"news"}, true, b_.send("welcome"))).effects(),
            "subscribe to news 1; exit agreed");
}

TEST_F(ChangeMembership, NothingOfWhoIsHeldOutIsChanged) {
  b_.graph().holdout = 9'999;
  const auto wait = b_.wait("wait", calendar_days(1));
  const auto both = list("vips", true, consent({"news"}, true, wait));
  OneUser& user = enters(both);
  ASSERT_TRUE(user.enrollment->measure.held_out);
  EXPECT_EQ(user.effects(), "");
  EXPECT_EQ(user.place(), "wait");
}

}  // namespace
}  // namespace sojourn::engine
