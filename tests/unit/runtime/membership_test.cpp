// What a user belongs to, through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kWorld = R"(
  user { plan string }
  event signup { plan string }
  event login
  event buy
  message_type news = 7 marketing opt_in
  campaign m1 = 101 email news
  list vips = 21
  list beta
  policy { timezone "UTC" }
  segment rich = user.plan == "pro" and in list vips
)";

std::string event(const std::string& name) {
  return R"({"email":"ada@example.com","eventName":")" + name + R"(","dataFields":{"plan":"a"}})";
}

std::string on_list(int id, const std::string& data = "{}") {
  return R"({"listId":)" + std::to_string(id) +
         R"(,"subscribers":[{"email":"ada@example.com","dataFields":)" + data + "}]}";
}

class Memberships : public testing::Test {
 protected:
  void begin(const std::string& journeys) { world_.emplace(kWorld + journeys); }
  std::int64_t count(const std::string& name) { return world_->counter(name); }

  std::optional<ShardWorld> world_;
};

TEST_F(Memberships, AListIsJoinedAndLeftAndSurvivesARestart) {
  begin("journey j { enter on signup  exit when in list vips as vip  wait 30d }");
  world_->track(event("signup"));
  EXPECT_EQ(world_->subscribe(on_list(22)), "400 BadParams") << "no such list";
  EXPECT_EQ(count("exited/j/vip"), 0);
  EXPECT_EQ(world_->subscribe(on_list(21)), "200");
  EXPECT_EQ(count("exited/j/vip"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("profile joined vips"));
  world_->restart();
  EXPECT_EQ(world_->subscribe(on_list(21)), "200") << "nothing new";
  EXPECT_EQ(world_->unsubscribe(on_list(21)), "200");
  EXPECT_THAT(world_->log("ada@example.com"), Contains("profile left vips"));
}

TEST_F(Memberships, WhoGetsAnotherNameOnTheWayIsStillTheOneWhoJoins) {
  begin("journey j { enter on list vips  wait 30d }");
  world_->update(R"({"email":"ada@example.com","userId":"u-1"})");
  EXPECT_EQ(world_->subscribe(on_list(21, R"({"email":"new@example.com"})")), "200");
  EXPECT_THAT(world_->log("u-1"), Contains("profile joined vips"));
  EXPECT_THAT(world_->report("ada@example.com"), HasSubstr("nobody"));
}

TEST_F(Memberships, WhoIsOnAListBeforeTheEntryIsOnIt) {
  begin("journey j { enter on signup where in list vips  wait 30d }");
  world_->track(event("signup"));
  EXPECT_EQ(count("entered/j"), 0);
  world_->subscribe(on_list(21));
  world_->restart();
  world_->track(event("signup"));
  EXPECT_EQ(count("entered/j"), 1);
}

TEST_F(Memberships, ASubscriberBringsFieldsOfTheProfile) {
  begin("journey j { enter on signup  exit when in segment rich as rich  wait 30d }");
  world_->track(event("signup"));
  world_->subscribe(on_list(21));
  EXPECT_EQ(count("exited/j/rich"), 0);
  world_->subscribe(on_list(21, R"({"plan":"pro"})"));
  EXPECT_EQ(count("exited/j/rich"), 1);
}

TEST_F(Memberships, ConsentWakesWhoWaitsForIt) {
  begin(R"(journey j {
    enter on signup
    wait for subscribed to news up to 30d { exit as subscribed } timeout { exit as never }
  })");
  world_->track(event("signup"));
  world_->update(R"({"email":"ada@example.com","dataFields":{"subscribedMessageTypeIds":[7]}})");
  EXPECT_EQ(count("exited/j/subscribed"), 1);
}

// One event begins one journey and so ends another, in the same turn.
TEST_F(Memberships, WhoAsksAboutAJourneyLooksAgainWhenItIsEnteredOrLeft) {
  begin(R"(
    journey onboarding { enter on signup  exit when in journey sales as handed_over  wait 30d }
    journey sales { enter on login  exit on buy as bought  reenter always  wait 30d }
    journey thanks {
      enter on signup
      wait for left sales as bought within 1d up to 60d { exit as thanked } timeout {}
    }
  )");
  world_->track(event("signup"));
  world_->track(event("login"));
  EXPECT_EQ(count("exited/onboarding/handed_over"), 1);
  EXPECT_EQ(count("exited/thanks/thanked"), 0);
  world_->restart();
  world_->track(event("buy"));
  EXPECT_EQ(count("exited/thanks/thanked"), 1);
}

TEST_F(Memberships, EveryReasonIsRemembered) {
  begin(R"(
    journey trial {
      enter on signup  reenter always
      exit on buy as bought
      wait 1d
    }
    journey later { enter on login where left trial as bought and not left trial as completed
                    wait 30d }
    journey even_later { enter on login where left trial as bought within 40d and left trial
                         wait 30d }
  )");
  world_->track(event("login"));
  EXPECT_EQ(count("entered/later"), 0);
  world_->track(event("signup"));
  world_->track(event("buy"));
  world_->restart();
  world_->track(event("login"));
  EXPECT_EQ(count("entered/later"), 1);
  EXPECT_EQ(count("entered/even_later"), 1);
  world_->track(event("signup"));
  world_->pass(base::days24(2));
  world_->track(R"({"email":"ada@example.com","eventName":"login"})");
  EXPECT_EQ(count("refused/even_later/enrolled"), 1) << "the older reason is still there";
}

TEST_F(Memberships, AnExitThatHasToLastSurvivesARestart) {
  begin(R"(journey j { enter on signup  exit when in list vips for 2d as settled  wait 30d })");
  world_->track(event("signup"));
  world_->subscribe(on_list(21));
  world_->pass(base::days24(1));
  world_->restart();
  EXPECT_EQ(count("exited/j/settled"), 0);
  world_->pass(base::days24(1));
  EXPECT_EQ(count("exited/j/settled"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
