#include <gtest/gtest.h>

#include "engine/advance.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

std::string reason(const SendDecision& decision) {
  if (const auto* deferred = std::get_if<SendDeferred>(&decision)) {
    return "until " + base::to_iso8601(deferred->until) + " by " + deferred->reason;
  }
  const auto* skipped = std::get_if<SendSkipped>(&decision);
  if (skipped == nullptr) return "sent";
  return skipped->reason + (skipped->unreachable ? ", else" : "");
}

graph::Send message(const char* campaign, graph::StepIndex next = graph::kCompleted) {
  return {.campaign = campaign, .next = next, .unreachable = next};
}

OneUser sending(graph::Send send) {
  GraphBuilder b;
  OneUser user(b.build(b.step("welcome", std::move(send))));
  user.enters();
  return user;
}

TEST(DecideSend, DataIsReadWhenTheMessageLeavesAndSaysWhatIsMissing) {
  GraphBuilder b;
  graph::Send send = message("trial_welcome");
  send.data = b.object({{"plan", b.user("plan")}, {"ns", b.entry("ns")}, {"x", b.user("x")}});
  OneUser user(b.build(b.step("welcome", send)));
  user.profile.fields["plan"] = Value("free");
  user.enters({{"ns", Value("n1")}});
  user.profile.fields["plan"] = Value("pro");
  const auto decision = user.decides();
  const SendNow& now = std::get<SendNow>(decision);
  EXPECT_EQ(now.campaign, "trial_welcome");
  EXPECT_EQ(now.data, (std::vector<graph::Field>{
                          {"ns", Value("n1")}, {"plan", Value("pro")}, {"x", Value()}}));
}

TEST(DecideSend, AnExitRuleThatHoldsByNowStopsIt) {
  GraphBuilder b;
  b.exit_when(b.equal(b.user("plan"), b.text("free")), "downgraded");
  OneUser user(b.build(b.send("welcome")));
  user.enters();
  EXPECT_EQ(reason(user.decides()), "sent");
  user.profile.fields["plan"] = Value("free");
  EXPECT_EQ(reason(user.decides({.needs_email = true})), "exited");
}

TEST(DecideSend, NobodyWaitsForItAnyMore) {
  OneUser user = sending(message("welcome"));
  const graph::StepIndex step = user.enrollment->at;
  user.delivered();
  EXPECT_EQ(reason(decide_send(user.graph(), *user.enrollment, step, {}, user.facts(), user.now)),
            "exited");
}

TEST(DecideSend, SentAgainItOnlyNeedsTheEnrollment) {
  GraphBuilder b;
  const graph::StepIndex rest = b.wait("rest", calendar_days(9));
  graph::Send send = message("welcome", rest);
  send.deadline = base::hours(1);
  OneUser user(b.build(b.step("welcome", send)));
  user.enters();
  const graph::StepIndex step = user.enrollment->at;
  user.delivered();
  ASSERT_NE(user.enrollment->at, step);
  SendPolicy policy;
  policy.again = SendAgain{.wanted_at = user.now, .last_chance = instant("2026-03-02T09:00Z")};
  const auto decided = [&] {
    return decide_send(user.graph(), *user.enrollment, step, policy, user.facts(), user.now);
  };
  user.at("2026-03-02T09:00Z");
  const SendDecision now = decided();
  EXPECT_EQ(reason(now), "sent");
  EXPECT_EQ(std::get<SendNow>(now).last_chance, policy.again->last_chance);
  user.at("2026-03-02T09:00:00.001Z");
  EXPECT_EQ(reason(decided()), "late");
  policy.again->last_chance = base::kNever;
  EXPECT_EQ(reason(decided()), "sent");
  policy.consent_missing = true;
  EXPECT_EQ(reason(decided()), "no_consent, else");
  user.enrollment->exit_reason = "stopped";
  EXPECT_EQ(reason(decided()), "exited");
}

TEST(DecideSend, WithoutAnAddressThePersonCannotBeReached) {
  OneUser user = sending(message("welcome"));
  EXPECT_EQ(reason(user.decides({.needs_email = true})), "no_address, else");
  user.profile.fields["email"] = Value("");
  EXPECT_EQ(reason(user.decides({.needs_email = true})), "no_address, else");
  user.profile.fields["email"] = Value("ada@example.com");
  EXPECT_EQ(reason(user.decides({.needs_email = true})), "sent");
  EXPECT_EQ(reason(user.decides({.needs_phone = true})), "no_address, else");
  user.profile.fields["phoneNumber"] = Value("+4930123456");
  EXPECT_EQ(reason(user.decides({.needs_phone = true})), "sent");
}

TEST(DecideSend, WithoutConsentThePersonCannotBeReached) {
  OneUser user = sending(message("welcome"));
  EXPECT_EQ(reason(user.decides({.consent_missing = true})), "no_consent, else");
}

TEST(DecideSend, WhomTheMediumDoesNotReachIsNotWrittenTo) {
  OneUser user = sending(message("welcome"));
  EXPECT_EQ(reason(user.decides({.suppressed = "hard_bounce"})), "suppressed, else");
  EXPECT_EQ(reason(user.decides({.consent_missing = true, .suppressed = "hard_bounce"})),
            "suppressed, else");
  EXPECT_EQ(reason(user.decides({.needs_email = true, .suppressed = "hard_bounce"})),
            "no_address, else");
}

TEST(DecideSend, WithinCountsFromArrivalAndIncludesItsEnd) {
  graph::Send send = message("welcome");
  send.deadline = base::days24(1);
  OneUser user = sending(send);
  user.at("2026-03-02T09:00Z");
  EXPECT_EQ(reason(user.decides()), "sent");
  user.at("2026-03-02T09:00:00.001Z");
  EXPECT_EQ(reason(user.decides()), "late");
}

TEST(DecideSend, BeforeIsOverWhenItsMomentHasCome) {
  GraphBuilder b;
  graph::Send send = message("welcome");
  send.before = b.user("endsAt");
  OneUser user(b.build(b.step("welcome", send)));
  user.profile.fields["email"] = graph::Value("ada@example.com");
  user.profile.fields["endsAt"] = graph::Value(instant("2026-03-01T12:00Z"));
  user.enters();
  user.at("2026-03-01T11:59:59.999Z");
  EXPECT_EQ(reason(user.decides()), "sent");
  user.at("2026-03-01T12:00Z");
  EXPECT_EQ(reason(user.decides()), "late");
  user.change("endsAt", graph::Value());
  EXPECT_EQ(reason(user.decides()), "sent") << "without it the deadline alone counts";
}

TEST(DecideSend, WithoutWithinThePolicysDeadlineCounts) {
  OneUser user = sending(message("welcome"));
  user.at("2026-03-04T09:00Z");
  EXPECT_EQ(reason(user.decides()), "sent");
  user.at("2026-03-04T09:00:01Z");
  EXPECT_EQ(reason(user.decides()), "late");
  EXPECT_EQ(reason(user.decides({.deadline = base::days24(10)})), "sent");
}

// The wait leads back to the send, as an edit of a running journey may make it.
OneUser sending_again(bool again) {
  GraphBuilder b;
  const auto wait = b.place("wait");
  graph::Send send = message("nudge", wait);
  send.again = again;
  const auto first = b.step("nudge", send);
  b.set(wait, graph::Wait{.duration = calendar_days(5), .at = {}, .next = first});
  OneUser user(b.build(first));
  user.enters();
  user.delivered();
  user.passes_until("2026-03-06T09:00Z");
  return user;
}

TEST(DecideSend, ASecondTimeThroughWithoutAgainIsARepeat) {
  OneUser user = sending_again(false);
  EXPECT_EQ(user.effects(), "send nudge 1; send nudge 2");
  EXPECT_EQ(reason(user.decides()), "repeated");
}

TEST(DecideSend, AgainPermitsARepeatWithADeadlineOfItsOwn) {
  OneUser user = sending_again(true);
  EXPECT_EQ(reason(user.decides()), "sent");
}

TEST(DecideSend, ACampaignThatAnotherStepHasSentIsARepeat) {
  GraphBuilder b;
  const auto second = b.step("second", message("nudge"));
  OneUser user(b.build(b.step("first", message("nudge", second))));
  user.enters();
  EXPECT_EQ(reason(user.decides()), "sent");
  user.delivered();
  EXPECT_EQ(reason(user.decides()), "repeated");
}

// --- Rules of sending ---

graph::QuietHours nights(std::int32_t from, std::int32_t to, base::Millis up_to) {
  return {{}, test::clock(from), test::clock(to), 0, {}, up_to};
}

TEST(DecideSend, ACampaignThatIsOnceIsNotSentByAnotherMessageAgain) {
  OneUser user = sending(message("offer"));
  const std::vector<SentMessage> sent{{{1, 1}, instant("2025-01-01T09:00Z"), "offer", {}}};
  EXPECT_EQ(reason(user.decides({.sent = sent})), "sent");
  EXPECT_EQ(reason(user.decides({.once = true, .sent = sent})), "once");
  EXPECT_EQ(reason(user.decides({.once = true, .sent = sent, .key = {1, 1}})), "sent")
      << "another attempt of the one message";
}

TEST(DecideSend, RulesPutItOffFromItsArrivalOn) {
  OneUser user = sending(message("welcome"));
  graph::SendingRules rules;
  rules.caps.push_back({{}, {{1, base::days24(1)}}, base::hours(20)});
  const std::vector<SentMessage> sent{{{1, 1}, instant("2026-03-01T05:00Z"), "offer", {}}};
  EXPECT_EQ(reason(user.decides({.rules = &rules, .sent = sent})),
            "until 2026-03-02T05:00:00Z by capped");
  user.at("2026-03-02T05:00Z");
  EXPECT_EQ(reason(user.decides({.rules = &rules, .sent = sent})), "sent");
  const std::vector<SentMessage> more{{{1, 2}, instant("2026-03-01T05:00:00.001Z"), "offer", {}}};
  rules.caps[0].defer_up_to = base::hours(19);
  EXPECT_EQ(reason(user.decides({.rules = &rules, .sent = more})), "capped");
}

TEST(DecideSend, ItsOwnDeadlineIsALimitOfDeferral) {
  graph::Send send = message("welcome");
  send.deadline = base::hours(19);
  OneUser user = sending(send);
  graph::SendingRules rules;
  rules.caps.push_back({{}, {{1, base::days24(1)}}, base::days24(2)});
  const std::vector<SentMessage> sent{{{1, 1}, instant("2026-03-01T05:00Z"), "offer", {}}};
  EXPECT_EQ(reason(user.decides({.rules = &rules, .sent = sent})), "late");
}

TEST(DecideSend, BeforeIsALimitOfDeferralToo) {
  GraphBuilder b;
  graph::Send send = message("welcome");
  send.before = b.user("endsAt");
  OneUser user(b.build(b.step("welcome", send)));
  user.enters();
  user.profile.fields["endsAt"] = graph::Value(instant("2026-03-02T07:00Z"));
  graph::SendingRules rules;
  rules.quiet.push_back(nights(9, 8, base::days24(2)));
  EXPECT_EQ(reason(user.decides({.rules = &rules})), "late");
  user.profile.fields["endsAt"] = graph::Value(instant("2026-03-02T07:00:00.001Z"));
  EXPECT_EQ(reason(user.decides({.rules = &rules})), "until 2026-03-02T07:00:00Z by quiet");
}

TEST(DecideSend, QuietHoursOfTheJourneyComeOnTopOfThePolicys) {
  GraphBuilder b;
  b.graph().quiet = nights(7, 11, base::hours(12));
  OneUser user(b.build(b.step("welcome", message("welcome"))));
  user.enters();
  EXPECT_EQ(reason(user.decides()), "until 2026-03-01T10:00:00Z by quiet");
  graph::SendingRules rules;
  rules.quiet.push_back(nights(11, 13, base::hours(12)));
  EXPECT_EQ(reason(user.decides({.rules = &rules})), "until 2026-03-01T12:00:00Z by quiet");
}

TEST(DecideSend, QuietHoursGoByThePersonsZoneWhateverTheJourneys) {
  GraphBuilder b;
  b.graph().person_zone_chain = {b.user("timeZone"), b.text("UTC")};
  b.graph().quiet = nights(7, 11, base::hours(12));
  OneUser user(b.build(b.step("welcome", message("welcome"))));
  user.enters();
  EXPECT_EQ(reason(user.decides()), "until 2026-03-01T11:00:00Z by quiet");
  user.profile.fields["timeZone"] = Value("Asia/Tokyo");
  EXPECT_EQ(reason(user.decides()), "sent");
}

TEST(DecideSend, ChecksComeInTheLanguagesOrder) {
  OneUser user = sending_again(false);
  user.at("2026-04-01T09:00Z");
  EXPECT_EQ(reason(user.decides({.needs_email = true, .consent_missing = true})),
            "no_address, else");
  EXPECT_EQ(reason(user.decides({.consent_missing = true})), "no_consent, else");
  const std::vector<SentMessage> sent{{{1, 1}, user.now, "nudge", {}}};
  EXPECT_EQ(reason(user.decides({.once = true, .sent = sent})), "repeated");
  OneUser first = sending(message("nudge"));
  graph::SendingRules rules;
  rules.caps.push_back({{}, {{1, base::days24(9)}}, base::hours(1)});
  rules.quiet.push_back(nights(9, 8, base::hours(1)));
  EXPECT_EQ(reason(first.decides({.once = true, .rules = &rules, .sent = sent})), "once");
  EXPECT_EQ(reason(first.decides({.rules = &rules, .sent = sent})), "capped");
  EXPECT_EQ(reason(first.decides({.rules = &rules})), "quiet");
}

}  // namespace
}  // namespace sojourn::engine
