// What was planned before its campaign, event, list, message type, webhook or whole journey left
// the text: the daemon starts, and nothing of it is lost or sent unasked. Through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::minutes;
using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using Verb = DeliveryOrder::Verb;

constexpr const char* kWorld = R"(
  user { plan string? }
  event signup
  event gone
  event nudged = "was_nudged" { why string }
  message_type news = 1 transactional opt_out
  message_type tips = 8 marketing opt_in
  campaign hello = 101 email news
  campaign promo = 102 email tips
  list vips = 21
  webhook scoring = "https://scores.example.com/one"
  policy { timezone "UTC" }
)";

// Nothing of all that.
constexpr const char* kOtherText = R"(
  event other
  message_type bills = 3 transactional opt_out
  campaign another = 201 email bills
  policy { timezone "UTC" }
  journey elsewhere { owner "a@example.com" enter on other send another }
)";

std::string journey(const std::string& steps) {
  return std::string(kWorld) + R"(journey trial { owner "a@example.com" enter on signup
    exit on gone )" +
         steps + "}";
}

class LeftText : public testing::Test {
 protected:
  void begin(const std::string& steps) {
    ShardSettings settings;
    settings.turn.look_up_after = minutes(2);
    text_ = journey(steps);
    world.emplace(text_, settings);
    say("signup");
  }
  void say(const std::string& event) {
    EXPECT_EQ(world->track(R"({"email":"ada@example.com","eventName":")" + event + R"("})"),
              "200 Success");
  }
  std::vector<Json> letters() {
    DeliveryQuery query;
    query.token = 1;
    return Json::parse(world->ask(std::move(query))).at("deliveries");
  }
  Json order(Verb verb, DeliveryState state) {
    DeliveryOrder order;
    order.verb = verb;
    order.filter.state = state;
    order.go = true;
    order.token = 1;
    return Json::parse(world->ask(std::move(order)));
  }
  // The one thing that ended unsent.
  Json only_letter() {
    const auto all = letters();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Json::object() : all[0];
  }

  std::string text_;
  std::optional<ShardWorld> world;
};

TEST_F(LeftText, AMessageThatWaitsForSomebodyWhoHasLeftEndsWithThem) {
  begin("send hello wait 10d");
  world->end(world->take(), OutcomeKind::kRetry);
  say("gone");
  world->restart_with(kOtherText);
  world->pass(hours(1));
  EXPECT_EQ(world->counter("skipped/trial/hello/exited"), 1);
  EXPECT_THAT(letters(), IsEmpty());
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(LeftText, AMessageThatWasUnderWayIsListedAsOneThatMayHaveArrived) {
  begin("send hello wait 10d");
  world->take();
  say("gone");
  world->restart_with(kOtherText);
  const Json letter = only_letter();
  EXPECT_EQ(letter.at("state"), "in_doubt");
  EXPECT_EQ(letter.at("ended"), true);
  EXPECT_EQ(letter.at("reason"), "undeclared");
  EXPECT_EQ(
      letter.at("answer"),
      "the campaign `hello` is not declared any more: put it back, restart, and send it again");
  EXPECT_THAT(world->log("ada@example.com"), Contains("skipped trial hello undeclared"));
  EXPECT_EQ(world->counter("parked/email"), 0);
  EXPECT_EQ(order(Verb::kRetry, DeliveryState::kInDoubt).at("planned"), 0);
  EXPECT_EQ(order(Verb::kDrop, DeliveryState::kInDoubt).at("dropped"), 1);
}

TEST_F(LeftText, AMessageThatIsParkedMakesRoomForOthers) {
  begin("send hello wait 10d");
  world->end(world->take(), OutcomeKind::kUnknown);
  say("gone");
  EXPECT_EQ(world->counter("parked/email"), 1);
  world->restart_with(kOtherText);
  EXPECT_THAT(letters(), testing::SizeIs(1)) << "on its way to be looked up";
  world->pass(minutes(2));
  EXPECT_EQ(only_letter().at("reason"), "undeclared");
  EXPECT_EQ(world->counter("parked/email"), 0);
  world->restart();
  EXPECT_EQ(world->counter("parked/email"), 0);
}

TEST_F(LeftText, AMessageWhoseCampaignIsOfAnotherMediumNowMakesRoomWhereItWasSent) {
  begin("send hello wait 10d");
  world->end(world->take(), OutcomeKind::kUnknown);
  say("gone");
  std::string text = text_;
  text.replace(text.find("101 email"), 9, "101 sms");
  world->restart_with(text);
  world->pass(minutes(2));
  const Outgoing look_up = world->take();
  EXPECT_EQ(look_up.endpoint, Endpoint::kSentMessages);
  world->learn(look_up, {.kind = connectors::iterable::LookUp::Kind::kListed,
                         .listed = 1,
                         .retry_after = {},
                         .message = "200"});
  EXPECT_EQ(world->counter("accepted/trial/hello"), 1);
  EXPECT_EQ(world->counter("parked/email"), 0);
  EXPECT_EQ(world->counter("parked/sms"), 0);
}

TEST_F(LeftText, WhatIterableWasToBeToldIsKeptAndToldOnceItIsDeclaredAgain) {
  begin(R"(track nudged { why: "quiet" } add to list vips subscribe to tips)");
  for (int i = 0; i < 3; ++i) world->end(world->take(), OutcomeKind::kRetry);
  ASSERT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("exited/trial/completed"), 1);
  world->restart_with(kOtherText);
  world->pass(hours(1));
  EXPECT_TRUE(world->nothing_to_take()) << "least of all under the name that the text had for it";
  const auto kept = letters();
  ASSERT_EQ(kept.size(), 3U);
  for (const Json& letter : kept) {
    EXPECT_EQ(letter.at("state"), "refused");
    EXPECT_EQ(letter.at("reason"), "undeclared");
    EXPECT_THAT(letter.at("answer").get<std::string>(), HasSubstr("is not declared any more"));
  }
  EXPECT_EQ(world->counter("tracks/undeclared"), 1);
  EXPECT_EQ(world->counter("list_changes/undeclared"), 1);
  EXPECT_EQ(world->counter("subscription_changes/undeclared"), 1);
  world->restart_with(text_);
  EXPECT_EQ(order(Verb::kRetry, DeliveryState::kRefused).at("planned"), 3);
  std::vector<std::string> paths;
  while (!world->nothing_to_take()) {
    const Outgoing outgoing = world->take();
    paths.push_back(outgoing.request.path);
    world->accept(outgoing);
  }
  EXPECT_THAT(paths, testing::UnorderedElementsAre(
                         "/api/events/track", "/api/lists/subscribe",
                         "/api/subscriptions/messageType/8/user/ada@example.com"));
  EXPECT_THAT(letters(), IsEmpty());
}

TEST_F(LeftText, WithoutAnIdIsAsGoodAsGone) {
  begin("add to list vips");
  world->end(world->take(), OutcomeKind::kRetry);
  world->restart_with(std::string(kOtherText) + "list vips");
  world->pass(hours(1));
  EXPECT_EQ(only_letter().at("reason"), "no_id");
  EXPECT_EQ(only_letter().at("answer"),
            "the list `vips` has no id any more: put it back, restart, and send it again");
}

TEST_F(LeftText, ACallOfAJourneyThatIsGoneEndsWithIt) {
  begin("call scoring with { plan: \"pro\" } up to 30s wait 10d");
  world->end(world->take(), OutcomeKind::kRetry);
  say("gone");
  world->restart_with(kOtherText);
  world->pass(minutes(5));
  EXPECT_EQ(world->counter("calls/scoring/left"), 1);

  begin("call scoring with { plan: \"pro\" } up to 30s wait 10d");
  world->take();
  say("gone");
  world->restart_with(kOtherText);
  EXPECT_EQ(world->counter("calls/scoring/left"), 1) << "it was under way when the process ended";
}

// Of a paused journey that nobody is inside of any more.
class PausedAndLeftText : public LeftText {
 protected:
  using What = JourneyCommand::What;

  // An update and a message of somebody who has left wait, held back.
  void hold_back() {
    begin("update user { plan: \"pro\" } send hello wait 10d");
    const auto update = world->take();
    EXPECT_THAT(update.request.path, HasSubstr("users/update"));
    world->end(update, OutcomeKind::kRetry);
    world->end(world->take(), OutcomeKind::kRetry);
    EXPECT_THAT(world->command(What::kPause, "trial"), HasSubstr(R"("done":true)"));
    say("gone");
    world->pass(hours(1));
    EXPECT_EQ(world->counter("held_back/trial"), 2);
  }
  // Those of the last start that say that a paused journey has left.
  std::vector<std::string> told() {
    std::vector<std::string> details;
    for (const OperatorNote& note : world->notes()) {
      if (note.event == "paused_journey_left") details.push_back(note.detail);
    }
    world->notes().clear();
    return details;
  }
  void restart_without() {
    world->notes().clear();
    world->restart_with(kOtherText);
  }
  void expect_the_update_to_leave() {
    world->pass(base::seconds(1));
    const auto update = world->take();
    EXPECT_THAT(update.request.path, HasSubstr("users/update"));
    EXPECT_THAT(update.request.body, HasSubstr(R"("plan":"pro")"));
    world->accept(update);
    EXPECT_TRUE(world->nothing_to_take());
    EXPECT_EQ(world->counter("held_back/trial"), 0);
    EXPECT_EQ(world->counter("operation/trial/paused"), 0);
    EXPECT_EQ(world->counter("skipped/trial/hello/exited"), 1);
    EXPECT_THAT(letters(), IsEmpty());
  }
};

TEST_F(PausedAndLeftText, AStartSaysSoAsLongAsItIsPaused) {
  hold_back();
  world->restart();
  EXPECT_THAT(told(), IsEmpty()) << "it is in the text";
  restart_without();
  EXPECT_THAT(told(), ElementsAre(HasSubstr("journey=trial held_back=2")));
  world->restart();
  EXPECT_THAT(told(), ElementsAre(HasSubstr("journey=trial held_back=2")));
  world->command(What::kResume, "trial");
  world->restart();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(PausedAndLeftText, AResumeLetsWhatIsHeldBackLeaveOrEnd) {
  hold_back();
  restart_without();
  world->pass(hours(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_THAT(world->command(What::kResume, "trial", false), HasSubstr(R"("held_back":2)"));
  EXPECT_THAT(world->command(What::kResume, "trial"), HasSubstr(R"("done":true)"));
  expect_the_update_to_leave();
  EXPECT_THAT(world->command(What::kResume, "trial"), HasSubstr("no journey named `trial`"))
      << "nothing is known of it any more";
}

TEST_F(PausedAndLeftText, AStopTakesBackTheMessageAndTheUpdateLeaves) {
  hold_back();
  restart_without();
  EXPECT_THAT(world->command(What::kStop, "trial"), HasSubstr(R"("done":true)"));
  EXPECT_EQ(world->counter("skipped/trial/hello/exited"), 1) << "before the first is let go";
  EXPECT_EQ(world->counter("operation/trial/stopped"), 1);
  expect_the_update_to_leave();
  EXPECT_THAT(world->command(What::kResume, "trial"), HasSubstr(R"("done":true)"));
  EXPECT_EQ(world->counter("operation/trial/stopped"), 0);
}

TEST_F(PausedAndLeftText, OtherCommandsAndOtherNamesAreRefusedAsEver) {
  hold_back();
  restart_without();
  EXPECT_THAT(world->command(What::kDrain, "trial"), HasSubstr("no journey named `trial`"));
  EXPECT_THAT(world->command(What::kPause, "trial"), HasSubstr("no journey named `trial`"));
  EXPECT_THAT(world->command(What::kResume, "trail"), HasSubstr("did you mean `trial`?"));
  EXPECT_EQ(world->counter("held_back/trial"), 2);
}

}  // namespace
}  // namespace sojourn::runtime
