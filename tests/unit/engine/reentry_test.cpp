#include "engine/reentry.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Reentry;
using graph::WhileEnrolled;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// "enter", "update", "restart", or the rule that refuses.
std::string verdict(const Reentry& reentry, const WhileEnrolled& enrolled,
                    const EarlierEnrollments& earlier, std::string_view now) {
  GraphBuilder b;
  b.graph().reentry = reentry;
  b.graph().while_enrolled = enrolled;
  OneUser user(b.build(graph::kCompleted));
  user.at(now);
  const EventFact signup{
      .number = 9, .name = "signup", .created_at = user.now, .arrived_at = user.now, .fields = {}};
  const EntryVerdict out = judge_entry(user.graph(), earlier, user.facts(), signup, user.now);
  switch (out.kind) {
    case EntryVerdict::Kind::kEnter:
      return "enter";
    case EntryVerdict::Kind::kUpdate:
      return "update";
    case EntryVerdict::Kind::kRestart:
      return "restart";
    case EntryVerdict::Kind::kRefuse:
      break;
  }
  return std::string(out.rule);
}

std::string again(const Reentry& rule, std::uint32_t ended, std::string_view last_ended,
                  std::string_view now) {
  return verdict(rule, {}, {false, ended, 0, instant(last_ended)}, now);
}

std::string further(const WhileEnrolled& rule, std::uint32_t restarts) {
  return verdict({}, rule, {true, 0, restarts, {}}, "2026-03-01T09:00Z");
}

TEST(JudgeEntry, TheFirstAlwaysEnters) {
  EXPECT_EQ(verdict({}, {}, {}, "2026-03-01T09:00Z"), "enter");
}

TEST(JudgeEntry, NobodyComesBackUnlessTheJourneySaysSo) {
  EXPECT_EQ(again({}, 1, "2020-01-01T00:00Z", "2026-03-01T09:00Z"), "reenter_never");
  EXPECT_EQ(again({.kind = Reentry::Kind::kAlways, .after = {}, .times = {}}, 50,
                  "2026-03-01T09:00Z", "2026-03-01T09:00Z"),
            "enter");
}

TEST(JudgeEntry, AfterAllowsExactlyThatLong) {
  const Reentry rule{.kind = Reentry::Kind::kAfter, .after = test::elapsed_hours(24), .times = {}};
  EXPECT_EQ(again(rule, 1, "2026-03-01T09:00Z", "2026-03-02T08:59:59.999Z"), "reenter_after");
  EXPECT_EQ(again(rule, 1, "2026-03-01T09:00Z", "2026-03-02T09:00Z"), "enter");
}

TEST(JudgeEntry, DaysOfAfterGoByTheCalendarOfTheZone) {
  // Berlin's 29 March has 23 hours.
  const Reentry rule{.kind = Reentry::Kind::kAfter, .after = test::calendar_days(1), .times = {}};
  EXPECT_EQ(again(rule, 1, "2026-03-28T11:00Z", "2026-03-29T09:59Z"), "reenter_after");
  EXPECT_EQ(again(rule, 1, "2026-03-28T11:00Z", "2026-03-29T10:00Z"), "enter");
}

TEST(JudgeEntry, UpToCountsTheReentriesAndNotTheFirst) {
  const Reentry rule{.kind = Reentry::Kind::kAlways, .after = {}, .times = 2};
  EXPECT_EQ(again(rule, 2, "2026-03-01T09:00Z", "2026-03-02T09:00Z"), "enter");
  EXPECT_EQ(again(rule, 3, "2026-03-01T09:00Z", "2026-03-02T09:00Z"), "reenter_times");
}

TEST(JudgeEntry, WhileEnrolledDecidesInside) {
  EXPECT_EQ(further({}, 0), "enrolled");
  EXPECT_EQ(further({.kind = WhileEnrolled::Kind::kUpdate, .times = 0}, 0), "update");
  EXPECT_EQ(further({.kind = WhileEnrolled::Kind::kRestart, .times = 2}, 1), "restart");
  EXPECT_EQ(further({.kind = WhileEnrolled::Kind::kRestart, .times = 2}, 2), "restart_times");
}

TEST(CountEnded, RestartsInARowEndWithAnyOtherReason) {
  EarlierEnrollments earlier;
  count_ended(earlier, kRestarted, instant("2026-03-01T09:00Z"));
  count_ended(earlier, kRestarted, instant("2026-03-02T09:00Z"));
  EXPECT_EQ(earlier.restarts, 2u);
  EXPECT_EQ(earlier.ended, 0u);
  count_ended(earlier, "completed", instant("2026-03-03T09:00Z"));
  EXPECT_EQ(earlier.restarts, 0u);
  EXPECT_EQ(earlier.ended, 1u);
  EXPECT_EQ(earlier.last_ended_at, instant("2026-03-03T09:00Z"));
}

TEST(UpdateEntry, KeepsThePlaceAndMovesWaitsThatReadTheEntry) {
  GraphBuilder b;
  graph::WaitUntil wait{.time = b.entry("endsAt"), .at = {}, .up_to = {}};
  wait.next = b.exit("reached");
  wait.past = b.exit("past");
  wait.missing = b.exit("missing");
  OneUser user(b.build(b.step("wait", wait)));
  user.enters({{"endsAt", graph::Value(instant("2026-03-10T09:00Z"))}});
  EXPECT_EQ(user.due(), "2026-03-10T09:00:00Z");
  const EventFact later{.number = 40,
                        .name = "signup",
                        .created_at = user.now,
                        .arrived_at = user.now,
                        .fields = {{"endsAt", graph::Value(instant("2026-03-20T09:00Z"))}}};
  const Advanced updated =
      update_entry(user.graph(), *user.enrollment, user.facts(), later, user.now);
  EXPECT_EQ(updated.enrollment.at, user.enrollment->at);
  EXPECT_EQ(updated.enrollment.entry_event, 40u);
  ASSERT_EQ(updated.enrollment.timers.size(), 1u);
  EXPECT_EQ(updated.enrollment.timers[0].due, instant("2026-03-20T09:00Z"));
}

TEST(Restart, TakesBackTheMessageThatHasNotLeft) {
  GraphBuilder b;
  OneUser user(b.build(b.send("welcome")));
  user.enters();
  const Advanced ended = restart(user.graph(), *user.enrollment, user.facts(), user.now);
  EXPECT_EQ(ended.enrollment.exit_reason, "restarted");
  ASSERT_FALSE(ended.effects.empty());
  EXPECT_TRUE(std::holds_alternative<CancelSend>(ended.effects.front()));
}

}  // namespace
}  // namespace sojourn::engine
