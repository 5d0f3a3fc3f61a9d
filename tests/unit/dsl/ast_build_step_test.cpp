#include <gtest/gtest.h>
#include <string>

#include "dsl/parse.h"
#include "tests/unit/dsl/ast_text.h"

namespace sojourn::dsl {
namespace {

// A journey with these steps; the parsed file must outlive what is taken from it.
class Steps {
 public:
  explicit Steps(const std::string& steps, bool clean = true)
      : text_("journey j {\n" + steps + "\n}"), parsed_(parse(text_, 0)) {
    if (!clean) return;
    for (const Diagnostic& found : parsed_.diagnostics) ADD_FAILURE() << found.message;
  }
  const std::vector<ast::Step>& all() const {
    return std::get<ast::Journey>(parsed_.ast.declarations.at(0).node).block.steps;
  }
  template <typename Node>
  const Node& as(std::size_t n = 0) const {
    return std::get<Node>(all().at(n).node);
  }
  const std::vector<ast::Allow>& allows() const { return parsed_.ast.allows; }
  std::string at(Span span) const { return text_.substr(span.begin, span.end - span.begin); }
  const std::vector<Diagnostic>& faults() const { return parsed_.diagnostics; }

 private:
  std::string text_;
  ParsedFile parsed_;
};

TEST(SendStep, KeepsItsOptionsInAnyOrder) {
  const Steps steps(
      "l: send c again within 1d with { a: 1 } at best time else send d else { exit }");
  const auto& send = steps.as<ast::Send>();
  EXPECT_EQ(steps.all()[0].label->text, "l");
  EXPECT_EQ(send.campaign.text, "c");
  EXPECT_TRUE(send.again && send.at_best_time && send.with);
  EXPECT_EQ(shape(send.within), "0mo1d0");
  EXPECT_EQ(shape(send.before), "<null>");
  const auto& instead = std::get<ast::Send>(send.otherwise->steps.at(0).node);
  EXPECT_EQ(instead.campaign.text, "d");
  EXPECT_TRUE(std::holds_alternative<ast::Exit>(instead.otherwise->steps.at(0).node));
}

TEST(WaitStep, TellsItsFormsApart) {
  const Steps steps(R"(
    wait 3d at 09:00
    wait until workday 09:00..17:00
    wait until day 15 09:00
    wait until user.x - 3d at 09:00 up to 50d past exit as late missing { exit }
    wait for login where event.a since here as e up to 2d { exit } timeout { }
    wait for opened c up to 1d
    wait for user.plan changed where event.to == 1 up to 1d
    wait for a == b up to 1d timeout { exit }
    wait for opened c within 2d up to 3d
    wait up to 7d { on login as l { } when a { } timeout { } })");
  EXPECT_EQ(shape(steps.as<ast::WaitFor>(0).at), "time:540");
  const auto& window = steps.as<ast::WaitUntilTime>(1);
  EXPECT_EQ(window.day->kind, ast::Day::Kind::kWorkday);
  EXPECT_EQ(shape(window.to), "time:1020");
  EXPECT_EQ(shape(steps.as<ast::WaitUntilTime>(2).day->day_of_month), "15");
  const auto& until = steps.as<ast::WaitUntil>(3);
  EXPECT_EQ(shape(until.moment), "(- user.x 0mo3d0)");
  EXPECT_EQ(until.past->exit.reason->text, "late");
  EXPECT_EQ(until.missing->block.steps.size(), 1U);
  const auto& event = steps.as<ast::WaitForEvent>(4);
  EXPECT_EQ(event.trigger.event.text, "login");
  EXPECT_EQ(shape(event.trigger.where), "event.a");
  EXPECT_EQ(event.binding->text, "e");
  EXPECT_EQ(event.since->kind, ast::Since::Kind::kHere);
  EXPECT_TRUE(event.then_block && event.timeout);
  EXPECT_EQ(steps.as<ast::WaitForEvent>(5).trigger.engagement.target.text, "c");
  EXPECT_EQ(shape(steps.as<ast::WaitForEvent>(6).trigger.field), "user.plan");
  EXPECT_EQ(shape(steps.as<ast::WaitForCondition>(7).condition), "(== a b)");
  EXPECT_EQ(shape(steps.as<ast::WaitForCondition>(8).condition), "(opened:c within 0mo2d0)");
  const auto& race = steps.as<ast::WaitRace>(9);
  ASSERT_EQ(race.arms.size(), 3U);
  EXPECT_EQ(race.arms[0].binding->text, "l");
  EXPECT_EQ(race.arms[1].kind, ast::WaitRace::Arm::Kind::kWhen);
  EXPECT_EQ(race.arms[2].kind, ast::WaitRace::Arm::Kind::kTimeout);
}

TEST(BranchingSteps, KeepTheirArms) {
  const Steps steps(R"(
    if a { exit } else if b { } else { exit }
    match x { "a", 9..10 { } -5..-1 { } else { } }
    split s by user.a { measure opened within 7d decide after 1_000 per arm at 95% 50% a { } 50% holdout }
    schedule around user.x up to 50d missing exit { 7d before at 10:00 { exit } 0d after { } })");
  EXPECT_EQ(steps.as<ast::If>(0).branches.size(), 2U);
  EXPECT_EQ(steps.as<ast::If>(0).otherwise->steps.size(), 1U);
  const auto& match = steps.as<ast::Match>(1);
  ASSERT_EQ(match.arms.size(), 2U);
  EXPECT_EQ(shape(match.arms[0].patterns[0].high), "<null>");
  EXPECT_EQ(shape(match.arms[0].patterns[1].high), "10");
  EXPECT_EQ(shape(match.arms[1].patterns[0].low), "(- 5)");
  const auto& split = steps.as<ast::Split>(2);
  EXPECT_EQ(split.measure->verb, ast::EngagementVerb::kOpened);
  EXPECT_EQ(split.decide->at.basis_points, 9500);
  EXPECT_EQ(split.arms[1].share.basis_points, 5000);
  EXPECT_FALSE(split.arms[1].block.has_value());
  const auto& schedule = steps.as<ast::Schedule>(3);
  EXPECT_TRUE(schedule.rungs[0].before);
  EXPECT_EQ(shape(schedule.rungs[0].at), "time:600");
  EXPECT_FALSE(schedule.rungs[1].before);
}

TEST(OtherSteps, KeepTheirParts) {
  const Steps steps(R"(
    collect e where event.a as orders for 1d keep 10
    call w with { a: 1 } as reply up to 10s { exit } else { exit }
    repeat up to 3 times until any login { wait 1d }
    u: use f(a, 2d)
    unsubscribe from marketing
    remove from list l
    update user { a: missing }
    start other with { a: 1 })");
  EXPECT_EQ(steps.as<ast::Collect>(0).binding.text, "orders");
  EXPECT_EQ(shape(steps.as<ast::Collect>(0).keep), "10");
  EXPECT_EQ(shape(steps.as<ast::CallWebhook>(1).up_to), "0mo0d10000");
  EXPECT_EQ(shape(steps.as<ast::Repeat>(2).until), "(any login)");
  EXPECT_EQ(shape(steps.as<ast::Use>(3).arguments.at(1)), "0mo2d0");
  EXPECT_FALSE(steps.as<ast::SubscriptionChange>(4).subscribe);
  EXPECT_FALSE(steps.as<ast::ListChange>(5).add);
  EXPECT_EQ(shape(steps.as<ast::UpdateUser>(6).fields.entries.at(0).value), "missing");
  EXPECT_EQ(steps.as<ast::StartJourney>(7).with->entries.size(), 1U);
}

TEST(Steps, CarryTheAllowsAboveThem) {
  const Steps steps("allow unreachable-branch \"why\"\nwait 1d\nwait 2d");
  ASSERT_EQ(steps.allows().size(), 1U);
  EXPECT_EQ(steps.allows()[0].message.text, "unreachable-branch");
  EXPECT_EQ(steps.allows()[0].reason.text, "why");
  EXPECT_EQ(steps.allows()[0].target, steps.all()[0].span);
}

TEST(Steps, ABrokenOneIsAHoleAndTheOthersStay) {
  const Steps steps("wait 1d\nsplit 5 { }\nsend c\nif x = { send d }", false);
  ASSERT_EQ(steps.faults().size(), 2U);
  EXPECT_EQ(steps.as<ast::Send>(steps.all().size() - 2).campaign.text, "c");
  const auto& broken = steps.as<ast::If>(steps.all().size() - 1);
  EXPECT_EQ(shape(broken.branches[0].condition), "<invalid>");
  EXPECT_EQ(broken.branches[0].block.steps.size(), 1U);
}

TEST(Steps, NestOnlySoDeep) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "if a {\n";
  for (int i = 0; i < 5000; ++i) text += "}\n";
  const Steps steps(text, false);
  ASSERT_EQ(steps.faults().size(), 1U);
  EXPECT_EQ(steps.faults()[0].id, MessageId::kTooDeep);
}

}  // namespace
}  // namespace sojourn::dsl
