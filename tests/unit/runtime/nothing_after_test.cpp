// Nothing is sent after an exit or an opt-out that was committed before the claim, wherever the
// message stood then: not wanted yet, put off, planned while the window is full, between two
// attempts. What is claimed may have left; it is not tried again.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::minutes;
using connectors::OutcomeKind;
using ::testing::Contains;

// The world stands at 09:00 UTC.
std::string world_with(const std::string& policy, const std::string& steps) {
  return R"(
    user { plan string }
    event signup
    event other
    event bought
    message_type news = 1 marketing opt_out
    campaign m1 = 101 email news
    campaign m2 = 102 email news
    policy { timezone "UTC" )" +
         policy + R"( }
    journey j {
      enter on signup
      exit  on bought as bought
      exit  when user.plan == "gone" as left
      )" +
         steps +
         R"(
    }
    journey before { enter on other send m2 }
  )";
}

std::string event(const std::string& name, const std::string& who = "ada@example.com") {
  return R"({"email":")" + who + R"(","eventName":")" + name + R"("})";
}

// Ada is somewhere in `j`, and m1 has not been taken by the provider.
struct Place {
  std::string name;
  std::string policy;
  std::string steps = "send m1 wait 1h send m2";
  std::function<void(ShardWorld&)> bring_there;
  // Lets come what would have come, days later.
  std::function<void(ShardWorld&)> go_on = [](ShardWorld&) {};
  std::uint32_t max_in_doubt = 256;
};

void sign_up(ShardWorld& world) {
  world.track(event("signup"));
}

std::vector<Place> places() {
  std::vector<Place> all;
  all.push_back(
      {.name = "waiting", .policy = {}, .steps = "wait 1d send m1", .bring_there = sign_up});
  all.push_back({.name = "put off by quiet hours",
                 .policy = "quiet marketing 08:00..18:00 defer up to 2d else drop",
                 .bring_there = sign_up});
  all.push_back({.name = "put off by a cap",
                 .policy = "cap marketing 1 per 24h defer up to 3d else drop",
                 .bring_there = [](ShardWorld& world) {
                   world.track(event("other"));
                   world.accept(world.take());
                   sign_up(world);
                 }});
  all.push_back({.name = "planned, and the window is full",
                 .policy = {},
                 .bring_there =
                     [](ShardWorld& world) {
                       world.track(event("other", "bob@example.com"));
                       sign_up(world);
                     },
                 .go_on = [](ShardWorld& world) { world.accept(world.take()); },
                 .max_in_doubt = 1});
  all.push_back(
      {.name = "between two attempts", .policy = {}, .bring_there = [](ShardWorld& world) {
         sign_up(world);
         world.end(world.take(), OutcomeKind::kRetry, false, minutes(10));
       }});
  all.push_back(
      {.name = "in doubt, to be tried again", .policy = {}, .bring_there = [](ShardWorld& world) {
         sign_up(world);
         world.end(world.take(), OutcomeKind::kUnknown);
       }});
  return all;
}

// What Ada does, and what is counted of it at once.
struct End {
  std::string name;
  std::function<void(ShardWorld&)> happen;
  std::string exit;  // the reason; empty: she stays, and is not written to
};

std::vector<End> ends() {
  return {
      {"an event", [](ShardWorld& world) { world.track(event("bought")); }, "bought"},
      {"a condition",
       [](ShardWorld& world) {
         world.update(R"({"email":"ada@example.com","dataFields":{"plan":"gone"}})");
       },
       "left"},
      {"an opt-out",
       [](ShardWorld& world) {
         world.update_subscriptions(
             R"({"email":"ada@example.com","unsubscribedMessageTypeIds":[1]})");
       },
       ""},
      {"an unsubscription",
       [](ShardWorld& world) {
         world.engage(
             R"({"email":"ada@example.com","engagement":"unsubscribed","campaignId":102})");
       },
       ""},
      {"an opt-out under another name",
       [](ShardWorld& world) {
         world.update_subscriptions(R"({"userId":"u-1","unsubscribedMessageTypeIds":[1]})");
         world.track(R"({"email":"ada@example.com","userId":"u-1","eventName":"unheard of"})");
       },
       ""},
  };
}

// Whether Ada was sent anything in the five days after she ended it there.
bool is_written_to(ShardWorld& world, const Place& place, const End& end, bool with_restart) {
  place.bring_there(world);
  end.happen(world);
  if (!end.exit.empty()) {
    EXPECT_EQ(world.counter("exited/j/" + end.exit), 1) << "at once";
  }
  if (with_restart) {
    world.restart();
  } else {
    place.go_on(world);
  }
  bool written_to = false;
  for (int half_day = 0; half_day < 10; ++half_day) {
    world.pass(hours(12));
    // Bob's, too, which was claimed before the restart.
    while (!world.nothing_to_take()) {
      const Outgoing outgoing = world.take();
      if (!outgoing.request.path.ends_with("/target")) continue;
      const auto body = nlohmann::json::parse(outgoing.request.body);
      written_to |= body["recipientEmail"] == "ada@example.com";
      world.accept(outgoing);
    }
  }
  return written_to;
}

ShardSettings settings_of(const Place& place) {
  ShardSettings settings;
  settings.max_in_doubt = place.max_in_doubt;
  return settings;
}

TEST(NothingAfter, AnExitOrAnOptOutWhereverTheMessageStands) {
  for (const Place& place : places()) {
    for (const End& end : ends()) {
      for (const bool with_restart : {false, true}) {
        SCOPED_TRACE(place.name + ", " + end.name + (with_restart ? ", a restart" : ""));
        ShardWorld world(world_with(place.policy, place.steps), settings_of(place));
        EXPECT_FALSE(is_written_to(world, place, end, with_restart));
        EXPECT_EQ(world.counter("accepted/j/m1"), 0);
        EXPECT_EQ(world.counter("skipped/j/m1/no_consent"), end.exit.empty() ? 1 : 0);
      }
    }
  }
}

// The same places, and nothing happens: or the test above could not fail.
TEST(NothingAfter, WhoStaysIsWrittenTo) {
  const End nothing{"nothing", [](ShardWorld&) {}, {}};
  for (const Place& place : places()) {
    for (const bool with_restart : {false, true}) {
      SCOPED_TRACE(place.name);
      ShardWorld world(world_with(place.policy, place.steps), settings_of(place));
      EXPECT_TRUE(is_written_to(world, place, nothing, with_restart));
      EXPECT_EQ(world.counter("accepted/j/m1"), 1);
    }
  }
}

class Claimed : public testing::Test {
 protected:
  Claimed() { world.track(event("signup")); }

  // No message is on its way.
  void expect_nothing_sent() {
    while (!world.nothing_to_take()) {
      const std::string path = world.take().request.path;
      EXPECT_FALSE(path.ends_with("/target")) << path;
    }
  }
  void expect_over() {
    world.pass(days24(5));
    expect_nothing_sent();
    world.restart();
    world.pass(days24(5));
    expect_nothing_sent();
    EXPECT_EQ(world.counter("exited/j/bought"), 1);
  }

  ShardWorld world{world_with("", "send m1 wait 1h send m2")};
};

// The bytes are gone: it counts as sent, and that is all.
TEST_F(Claimed, AMessageThatTheProviderTakesAfterTheExitIsTheLast) {
  const Outgoing claimed = world.take();
  world.track(event("bought"));
  EXPECT_EQ(world.counter("exited/j/bought"), 1) << "the exit does not wait for the answer";
  world.accept(claimed);
  EXPECT_EQ(world.counter("accepted/j/m1"), 1);
  expect_over();
}

TEST_F(Claimed, AMessageThatTheProviderDidNotTakeBeforeTheExitIsNotTriedAgain) {
  const Outgoing claimed = world.take();
  world.track(event("bought"));
  world.end(claimed, OutcomeKind::kRetry);
  expect_over();
  EXPECT_THAT(world.log("ada@example.com"), Contains("skipped j m1 exited"));
}

TEST_F(Claimed, AMessageWhoseAnswerNeverCameIsListedAndNotTriedAgain) {
  const Outgoing claimed = world.take();
  world.track(event("bought"));
  world.end(claimed, OutcomeKind::kUnknown);
  EXPECT_EQ(world.counter("in_doubt/email"), 1);
  expect_over();
}

TEST_F(Claimed, AMessageWhoseProcessDiedIsListedAndNotTriedAgain) {
  world.take();
  world.track(event("bought"));
  world.restart();
  EXPECT_EQ(world.counter("in_doubt/email"), 1);
  expect_over();
}

TEST_F(Claimed, AfterAnOptOutItIsNotTriedAgainEither) {
  const Outgoing claimed = world.take();
  world.update_subscriptions(R"({"email":"ada@example.com","unsubscribedMessageTypeIds":[1]})");
  world.end(claimed, OutcomeKind::kRetry);
  world.pass(days24(1));
  world.pass(days24(5));
  expect_nothing_sent();
  EXPECT_EQ(world.counter("skipped/j/m1/no_consent"), 1);
  EXPECT_EQ(world.counter("skipped/j/m2/no_consent"), 1);
  EXPECT_EQ(world.counter("exited/j/completed"), 1) << "the way goes on without messages";
}

}  // namespace
}  // namespace sojourn::runtime
