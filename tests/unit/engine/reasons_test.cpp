#include "engine/reasons.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/zones.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::ExprId;
using graph::Op;
using graph::Value;
using test::calendar_days;
using test::clock;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// "user.plan=\"pro\"; now=2026-03-01T09:00:00Z"
std::string text(const Reason& why) {
  std::string out;
  for (const ReadValue& read : why.values) {
    out += fmt::format("{}{}={}", out.empty() ? "" : "; ", read.what, read.value);
  }
  return out;
}

class Reasons : public testing::Test {
 protected:
  Reason read(ExprId expression, const EventFact* event = nullptr) {
    if (b_.graph().steps.empty()) b_.wait("rest", calendar_days(1));
    user_.emplace(b_.build(0));
    user_->profile.fields = fields_;
    user_->enters({{"plan", Value("gold")}});
    const Enrollment& enrollment = *user_->enrollment;
    const Facts facts = user_->facts();
    const Scope scope{.graph = user_->graph(),
                      .profile = facts.profile,
                      .zones = facts.zones,
                      .entry_fields = enrollment.entry_fields,
                      .entry_created_at = enrollment.entry_created_at,
                      .locals = enrollment.locals,
                      .now = user_->now,
                      .event = event,
                      .history = facts.history,
                      .entry_event = enrollment.entry_event,
                      .reached = enrollment.reached};
    Reason why;
    add_reads(scope, expression, why);
    return why;
  }

  GraphBuilder b_;
  std::map<std::string, Value, std::less<>> fields_;
  std::optional<OneUser> user_;
};

TEST_F(Reasons, LeavesAreReadByName) {
  fields_["plan"] = Value("pro");
  const ExprId plan = b_.equal(b_.user("plan"), b_.entry("plan"));
  const ExprId past = b_.op(Op::kLess, {b_.op(Op::kEntryCreatedAt, {}), b_.op(Op::kNow, {})});
  EXPECT_EQ(text(read(b_.op(Op::kOr, {plan, past}))),
            R"(user.plan="pro"; entry.plan="gold"; entry.createdAt=2026-03-01T09:00:00Z; )"
            "now=2026-03-01T09:00:00Z");
}

TEST_F(Reasons, NothingIsReadOfAConstantOrOfNoExpression) {
  EXPECT_TRUE(read(b_.text("x")).empty());
  EXPECT_TRUE(read(graph::kNoExpr).empty());
}

TEST_F(Reasons, WhatIsMissingSaysSo) {
  EXPECT_EQ(text(read(b_.op(Op::kIsSet, {b_.user("plan")}))), "user.plan=missing");
}

TEST_F(Reasons, NothingIsReadTwice) {
  fields_["seats"] = Value(std::int64_t{7});
  const ExprId seats = b_.user("seats");
  EXPECT_EQ(text(read(b_.op(Op::kAnd, {b_.op(Op::kGreater, {seats, b_.integer(3)}),
                                       b_.op(Op::kLess, {seats, b_.integer(9)})}))),
            "user.seats=7");
}

TEST_F(Reasons, AnAndStopsAtWhatDoesNotHold) {
  const ExprId a = b_.equal(b_.user("a"), b_.text("1"));
  const ExprId c = b_.equal(b_.user("c"), b_.text("1"));
  EXPECT_EQ(text(read(b_.op(Op::kAnd, {a, c}))), "user.a=missing");
}

TEST_F(Reasons, AnOrStopsAtWhatHolds) {
  fields_["a"] = Value("1");
  const ExprId a = b_.equal(b_.user("a"), b_.text("1"));
  const ExprId c = b_.equal(b_.user("c"), b_.text("1"));
  EXPECT_EQ(text(read(b_.op(Op::kOr, {a, c}))), R"(user.a="1")");
}

TEST_F(Reasons, AnIfReadsTheSideThatItTakes) {
  fields_["vip"] = Value(true);
  EXPECT_EQ(text(read(b_.op(Op::kIf, {b_.user("vip"), b_.user("a"), b_.user("c")}))),
            "user.vip=true; user.a=missing");
}

TEST_F(Reasons, ADefaultIsReadOnlyWhenItIsNeeded) {
  fields_["a"] = Value("1");
  EXPECT_EQ(text(read(b_.op(Op::kDefault, {b_.user("a"), b_.user("c")}))), R"(user.a="1")");
  EXPECT_EQ(text(read(b_.op(Op::kDefault, {b_.user("d"), b_.user("c")}))),
            "user.d=missing; user.c=missing");
}

TEST_F(Reasons, AFunctionOfTheCalendarIsReadWithItsZone) {
  const ExprId weekday = b_.op(Op::kWeekday, {b_.op(Op::kNow, {})});
  const Reason why = read(b_.op(Op::kIsSet, {weekday}));
  EXPECT_EQ(text(why), R"(weekday(now)="sunday")");
  EXPECT_EQ(why.zone, (ZoneUsed{"Europe/Berlin", "the default"}));
}

TEST_F(Reasons, AQuestionIsReadWithItsAnswer) {
  graph::Expression count{.op = Op::kCountEvents};
  count.name = "signup";
  const ExprId asked = b_.op(Op::kGreater, {b_.add(std::move(count)), b_.integer(0)});
  EXPECT_EQ(text(read(asked)), "count(signup)=1");
}

TEST_F(Reasons, AnEventAtHandIsReadByItsFields) {
  const EventFact bought{.name = "bought", .fields = {{"amount", Value(std::int64_t{60})}}};
  EXPECT_EQ(text(read(b_.op(Op::kGreater, {b_.event("amount"), b_.integer(50)}), &bought)),
            "event.amount=60");
}

TEST_F(Reasons, MoreThanSoManyValuesAreCut) {
  std::vector<ExprId> all;
  for (std::size_t i = 0; i < kMaxReadValues + 3; ++i) {
    all.push_back(b_.user(fmt::format("f{}", i).c_str()));
  }
  const Reason why = read(b_.op(Op::kList, all));
  ASSERT_EQ(why.values.size(), kMaxReadValues + 1);
  EXPECT_EQ(why.values.back(), (ReadValue{"…", ""}));
}

TEST(Bounded, IsCutBetweenTwoCharacters) {
  EXPECT_EQ(bounded("short", 5), "short");
  EXPECT_EQ(bounded("abcdefgh", 6), "abc…");
  EXPECT_EQ(bounded("aäöüß", 7), "aä…") << "ö has two bytes, of which one would stay";
}

// What was decided by a journey, in order: "way if 1: 1 | user.plan == \"pro\" | user.plan=…".
class Decisions : public testing::Test {
 protected:
  std::vector<std::string> told(const Advanced& advanced) const {
    static constexpr std::array kWords{"way",   "skipped", "rung",  "waits",
                                       "moved", "over",    "exited"};
    std::vector<std::string> out;
    for (const Decision& each : advanced.decisions) {
      std::string line = kWords.at(static_cast<std::size_t>(each.kind));
      if (each.step < user_->graph().steps.size()) {
        line += " " + user_->graph().steps[each.step].identity;
      }
      if (!each.what.empty()) line += ": " + each.what;
      if (each.until) line += " until " + base::to_iso8601(*each.until);
      if (!each.why.rule.empty()) line += " | " + each.why.rule;
      if (!each.why.values.empty()) line += " | " + text(each.why);
      if (each.why.zone) line += " | " + each.why.zone->zone + " by " + each.why.zone->source;
      out.push_back(line);
    }
    return out;
  }

  Advanced enters(bool explains = true) {
    Facts facts = user_->facts();
    facts.explains = explains;
    const EventFact& event = user_->add_event("signup");
    return enter(user_->graph(), graph::Version{1, 2}, 7, 1, base::Hash128{3, 4}, facts, event,
                 user_->now);
  }
  Advanced takes(const Enrollment& enrollment, const Input& input) {
    Facts facts = user_->facts();
    facts.explains = true;
    return advance(user_->graph(), enrollment, facts, input, user_->now);
  }

  GraphBuilder b_;
  std::optional<OneUser> user_;
};

TEST_F(Decisions, AreToldOnlyWhereTheyAreAskedForAndChangeNothing) {
  const auto rest = b_.wait("rest", calendar_days(1));
  user_.emplace(b_.build(
      b_.step("if 1", graph::Branch{{{b_.equal(b_.user("plan"), b_.text("pro")), rest}}, rest})));
  const Advanced silent = enters(false);
  user_->history.clear();
  const Advanced told_of = enters();
  EXPECT_TRUE(silent.decisions.empty());
  EXPECT_EQ(silent.enrollment, told_of.enrollment);
  EXPECT_EQ(silent.effects.size(), told_of.effects.size());
  EXPECT_EQ(told_of.decisions.size(), 2U);
}

TEST_F(Decisions, AWayHasItsConditionAndAWaitItsEndAndZone) {
  b_.zone(b_.user("timeZone"));
  const auto rest = b_.step("wait 1", graph::Wait{.duration = calendar_days(2), .at = clock(9)});
  const auto other = b_.exit("other");
  user_.emplace(b_.build(
      b_.step("if 1", graph::Branch{{{b_.equal(b_.user("plan"), b_.text("pro")), rest}}, other})));
  user_->profile.fields["plan"] = Value("pro");
  user_->profile.fields["timeZone"] = Value("America/New_York");
  const Advanced entered = enters();
  EXPECT_EQ(told(entered),
            (std::vector<std::string>{
                R"(way if 1: 1 | user.plan == "pro" | user.plan="pro")",
                "waits wait 1 until 2026-03-03T14:00:00Z | wait 2d at 09:00 | America/New_York by "
                "user.timeZone"}));
  user_->profile.fields["timeZone"] = Value("Asia/Tokyo");
  const Advanced moved = takes(entered.enrollment, ProfileChanged{});
  EXPECT_EQ(told(moved), (std::vector<std::string>{
                             "moved wait 1 until 2026-03-03T00:00:00Z | wait 2d at 09:00 | "
                             "Asia/Tokyo by user.timeZone"}));
  user_->at("2026-03-03T00:00Z");
  EXPECT_EQ(told(takes(moved.enrollment, TimerDue{})),
            (std::vector<std::string>{"over wait 1 until 2026-03-03T00:00:00Z",
                                      "exited wait 1: completed"}));
}

TEST_F(Decisions, ABranchThatNothingHoldsOfReadAllOfIt) {
  const auto a = b_.exit("a");
  const auto c = b_.exit("c");
  user_.emplace(b_.build(
      b_.step("if 1", graph::Branch{{{b_.equal(b_.user("plan"), b_.text("pro")), a},
                                     {b_.op(Op::kGreater, {b_.user("seats"), b_.integer(3)}), a}},
                                    c})));
  EXPECT_EQ(told(enters()),
            (std::vector<std::string>{
                "way if 1: else | no condition held | user.plan=missing; user.seats=missing",
                "exited: c"}));
}

TEST_F(Decisions, AnExitNamesItsRuleAndWhatItRead) {
  b_.exit_when(b_.equal(b_.user("plan"), b_.text("free")), "downgraded");
  user_.emplace(b_.build(b_.wait("wait 1", calendar_days(3))));
  const Advanced entered = enters();
  user_->profile.fields["plan"] = Value("free");
  EXPECT_EQ(told(takes(entered.enrollment, ProfileChanged{})),
            (std::vector<std::string>{
                R"(exited wait 1: downgraded | exit when user.plan == "free" as downgraded)"
                R"( | user.plan="free")"}));
}

TEST_F(Decisions, AWaitForSaysWhatEndedIt) {
  const ExprId large = b_.op(Op::kGreater, {b_.event("amount"), b_.integer(50)});
  graph::EventArm arm{.event = "bought", .where = large, .next = graph::kCompleted};
  user_.emplace(
      b_.build(b_.step("wait 1", graph::WaitFor{{arm}, base::days24(2), graph::kCompleted})));
  const Advanced entered = enters();
  EXPECT_EQ(told(entered).size(), 1U);
  const EventFact bought = user_->add_event("bought", {{"amount", Value(std::int64_t{60})}});
  EXPECT_EQ(told(takes(entered.enrollment, EventArrived{bought})),
            (std::vector<std::string>{
                "way wait 1: bought | bought where event.amount > 50 came | event.amount=60",
                "exited wait 1: completed"}));
}

TEST_F(Decisions, AMessageThatIsHeldBackNamesTheCapAndWhoFillsIt) {
  user_.emplace(b_.build(b_.send("m2")));
  const Enrollment enrollment = enters().enrollment;
  graph::SendingRules rules;
  rules.caps.push_back({{}, {{1, base::days24(1)}}, base::days24(2)});
  const std::vector<SentMessage> sent{
      {base::Hash128{1, 2}, instant("2026-03-01T08:00Z"), "m1", {}}};
  SendPolicy policy;
  policy.rules = &rules;
  policy.sent = sent;
  Facts facts = user_->facts();
  facts.explains = true;
  const auto decision = decide_send(user_->graph(), enrollment, 0, policy, facts, user_->now);
  const auto& deferred = std::get<SendDeferred>(decision);
  EXPECT_EQ(deferred.reason, "capped");
  EXPECT_EQ(deferred.why.rule, "cap marketing 1 per 1d defer up to 2d else drop");
  EXPECT_EQ(text(deferred.why), fmt::format("m1 {}=2026-03-01T08:00:00Z", sent[0].key.hex()));
  facts.explains = false;
  EXPECT_TRUE(
      std::get<SendDeferred>(decide_send(user_->graph(), enrollment, 0, policy, facts, user_->now))
          .why.empty());
}

TEST_F(Decisions, QuietHoursGoByThePersonsZone) {
  user_.emplace(b_.build(b_.send("m2")));
  const Enrollment enrollment = enters().enrollment;
  graph::SendingRules rules;
  rules.quiet.push_back({.from = clock(21), .to = clock(12), .defer_up_to = base::days24(1)});
  SendPolicy policy;
  policy.rules = &rules;
  Facts facts = user_->facts();
  facts.explains = true;
  const auto decision = decide_send(user_->graph(), enrollment, 0, policy, facts, user_->now);
  const auto& deferred = std::get<SendDeferred>(decision);
  EXPECT_EQ(deferred.why.rule, "quiet marketing 21:00..12:00 defer up to 1d else drop");
  EXPECT_EQ(deferred.why.zone, (ZoneUsed{"Europe/Berlin", "the default"}));
}

}  // namespace
}  // namespace sojourn::engine
