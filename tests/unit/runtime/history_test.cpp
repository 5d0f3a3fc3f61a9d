// Questions over what happened, through the real store: what is kept of a user's
// events, how long, and what time alone brings about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/last_lived.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kWorld = R"(
  event signup { plan string }
  event login { device string }
  event purchase { amount number, note string }
  event page_view
  message_type news = 1 transactional opt_out
  campaign m1 = 101 email news
  campaign m2 = 102 email news
  policy { timezone "UTC" }
)";

std::string with_world(const char* journeys) {
  return std::string(kWorld) + journeys;
}

std::string event(const std::string& name, const std::string& fields = "{}") {
  return R"({"email":"ada@example.com","eventName":")" + name + R"(","dataFields":)" + fields + "}";
}

std::string login() {
  return event("login", R"({"device":"phone"})");
}

std::string purchase(int amount) {
  return event("purchase", R"({"amount":)" + std::to_string(amount) + R"(,"note":"a long text"})");
}

const std::string kSignup = event("signup", R"({"plan":"pro"})");

int campaign_of(const Outgoing& outgoing) {
  return nlohmann::json::parse(outgoing.request.body)["campaignId"];
}

constexpr const char* kBranch = R"(
  journey branch {
    enter on signup
    if sum(purchase.amount within 30d) >= 100 and no login within 7d { send m1 } else { send m2 }
  }
)";

TEST(KeptHistory, ABranchAsksAboutWhatHappenedBeforeTheEntry) {
  ShardWorld world(with_world(kBranch));
  world.track(purchase(60));
  world.pass(base::days24(2));
  world.track(purchase(50));
  world.restart();
  world.track(kSignup);
  EXPECT_EQ(campaign_of(world.take()), 101);
}

TEST(KeptHistory, WhatIsOlderThanTheWindowDoesNotCount) {
  ShardWorld world(with_world(kBranch));
  world.track(purchase(60));
  world.pass(base::days24(29));
  world.track(purchase(50));
  world.pass(base::Millis{base::days24(1).count + 1});
  world.track(kSignup);
  EXPECT_EQ(campaign_of(world.take()), 102);
}

TEST(KeptHistory, OnlyWhatSomeJourneyReadsIsStoredAndOnlyAsLong) {
  ShardWorld world(with_world(kBranch));
  world.track(login());
  world.track(purchase(60));
  world.track(event("page_view"));
  EXPECT_THAT(world.history("ada@example.com"), ElementsAre("login", "purchase amount=60"));
  world.pass(base::days24(8));
  world.track(purchase(1));
  EXPECT_THAT(world.history("ada@example.com"),
              ElementsAre("purchase amount=60", "purchase amount=1"));
  world.restart();
  EXPECT_THAT(world.history("ada@example.com"),
              ElementsAre("purchase amount=60", "purchase amount=1"));
  world.pass(base::days24(40));
  world.track(login());
  EXPECT_THAT(world.history("ada@example.com"), ElementsAre("login"));
}

TEST(KeptHistory, WhatIsAskedSinceTheEntryGoesWithTheEnrollment) {
  ShardWorld world(with_world(R"(
    journey inside {
      enter on signup
      exit when at least 2 login since entry as eager
      wait 20d
    }
  )"));
  world.track(kSignup);
  world.pass(base::days24(3));
  world.track(login());
  world.pass(base::days24(3));
  world.restart();
  EXPECT_THAT(world.history("ada@example.com"), ElementsAre("login"));
  world.track(login());
  EXPECT_EQ(world.counter("exited/inside/eager"), 1);
  EXPECT_THAT(world.history("ada@example.com"), ElementsAre("login"))
      << "an entry of before today may still be on its way";
  world.pass(base::days24(1));
  world.pass(base::Millis{1});
  world.track(event("page_view"));
  EXPECT_THAT(world.history("ada@example.com"), IsEmpty());
}

// The event that starts an enrollment may be overtaken by those that come after it.
TEST(KeptHistory, WhatCameBeforeALateEntryIsLookedBackAtForADay) {
  constexpr const char* kChase = R"(
    journey chase {
      enter on signup
      wait for purchase up to 2d { exit as bought } timeout { exit as chased }
    }
  )";
  for (const std::int64_t hours_late : {20, 24, 25}) {
    SCOPED_TRACE(hours_late);
    ShardWorld world(with_world(kChase));
    const base::Instant happened = world.now();
    world.track(purchase(60));
    world.restart();
    world.pass(base::hours(hours_late));
    world.track(R"({"email":"ada@example.com","eventName":"signup","createdAt":)" +
                std::to_string(happened.millis - 60'000) + R"(,"dataFields":{"plan":"pro"}})");
    EXPECT_EQ(world.counter("exited/chase/bought"), hours_late <= 24 ? 1 : 0);
  }
}

TEST(KeptHistory, OneChattyEventDoesNotPushOutAnother) {
  ShardWorld world(with_world(R"(
    journey all {
      enter on signup
      if any purchase and count(page_view) == 256 { send m1 } else { send m2 }
    }
  )"));
  world.track(purchase(1));
  for (int i = 0; i < 300; ++i) world.track(event("page_view"));
  world.restart();
  world.track(kSignup);
  EXPECT_EQ(campaign_of(world.take()), 101);
  EXPECT_EQ(world.history("ada@example.com").size(), 257u);
}

TEST(KeptHistory, TimeAloneEndsAnEnrollmentAfterARestart) {
  ShardWorld world(with_world(R"(
    journey asleep {
      enter on signup
      exit when any login and no login within 7d as asleep
      wait 60d
      send m1
    }
  )"));
  world.track(kSignup);
  world.pass(base::days24(1));
  world.track(login());
  world.restart();
  world.pass(base::days24(7));
  EXPECT_EQ(world.counter("exited/asleep/asleep"), 0) << "exactly 7 days ago still counts";
  world.pass(base::Millis{1});
  EXPECT_EQ(world.counter("exited/asleep/asleep"), 1);
  world.pass(base::days24(60));
  EXPECT_TRUE(world.nothing_to_take());
}

TEST(KeptHistory, AWaitForAConditionGoesOnByTimeAlone) {
  ShardWorld world(with_world(R"(
    journey pause {
      enter on signup
      wait for no login within 3d up to 30d { send m1 } timeout { send m2 }
    }
  )"));
  world.track(login());
  world.pass(base::days24(1));
  world.track(kSignup);
  world.pass(base::days24(1));
  world.track(login());
  world.restart();
  world.pass(base::days24(3));
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(base::Millis{1});
  EXPECT_EQ(campaign_of(world.take()), 101);
}

TEST(KeptHistory, AnEntryAsksHowOften) {
  ShardWorld world(with_world(R"(
    journey regular {
      enter on login where at least 3 login within 7d
      send m1
    }
  )"));
  world.track(login());
  world.pass(base::days24(3));
  world.track(login());
  world.pass(base::Millis{base::days24(4).count + 1});
  world.track(login());
  EXPECT_EQ(world.counter("entered/regular"), 0) << "the first is more than 7 days ago";
  world.track(login());
  EXPECT_EQ(world.counter("entered/regular"), 1);
}

TEST(KeptHistory, AnEventThatNothingReadsIsLoggedAndNotKept) {
  ShardWorld world(with_world(R"(
    journey deaf {
      enter on signup
      exit when user.plan == "gone" as left
      wait 20d
    }
    user { plan string }
  )"));
  world.track(kSignup);
  world.track(event("page_view"));
  EXPECT_THAT(world.history("ada@example.com"), IsEmpty());
  EXPECT_THAT(world.log("ada@example.com"), Contains("event page_view"));
  EXPECT_EQ(world.counter("events/page_view"), 1);
}

TEST(KeptHistory, ThePolicyKeepsWhatNobodyReadsYet) {
  ShardWorld world(R"(
    event signup
    event login { device string }
    policy { timezone "UTC"  keep login for 10d }
    journey j { enter on signup  wait 1d }
  )");
  world.track(login());
  world.restart();
  EXPECT_THAT(world.history("ada@example.com"), ElementsAre("login device=\"phone\""));
  world.pass(base::days24(10));
  world.track(event("signup"));
  EXPECT_THAT(world.history("ada@example.com"), ElementsAre("login device=\"phone\""));
  world.pass(base::Millis{1});
  world.update(R"({"email":"ada@example.com","dataFields":{"locale":"de"}})");
  EXPECT_THAT(world.history("ada@example.com"), IsEmpty());
}

TEST(KeptHistory, OfOneEventTheNewestAreKept) {
  ShardWorld world(with_world(R"(
    journey all {
      enter on signup
      if count(page_view) == 256 and any page_view within 30m { send m1 } else { send m2 }
    }
  )"));
  for (int i = 0; i < 256; ++i) world.track(event("page_view"));
  world.pass(base::hours(1));
  world.track(event("page_view"));
  world.track(kSignup);
  EXPECT_EQ(campaign_of(world.take()), 101);
}

// Of people who never come again, too: others do, and each of their turns looks at a few.
TEST(KeptHistory, WhatNothingReadsAnyMoreGoesWithoutItsUser) {
  ShardWorld world(with_world(kBranch));
  world.track(purchase(60));
  world.pass(base::days24(29));
  const std::string other = R"({"email":"bob@example.com","eventName":"page_view"})";
  world.track(other);
  ASSERT_THAT(world.history("ada@example.com"), ElementsAre("purchase amount=60"));
  world.pass(base::days24(2));
  world.track(other);
  EXPECT_THAT(world.history("ada@example.com"), IsEmpty());
}

// Five people who bought something, and of whom a month later nothing of it is read any more.
class RoundOverAll : public testing::Test {
 protected:
  RoundOverAll() {
    ShardSettings settings;
    settings.turn.max_retention = 1;
    settings.turn.max_idle_retention = 2;
    world.emplace(with_world(kBranch), settings);
    for (int person = 0; person < 5; ++person) {
      world->track(of(person, "purchase", R"({"amount":60,"note":"a long text"})"));
    }
    world->pass(base::days24(31));
  }

  static std::string of(int person, const std::string& name, const std::string& fields) {
    return R"({"email":"p)" + std::to_string(person) + R"(@example.com","eventName":")" + name +
           R"(","dataFields":)" + fields + "}";
  }
  std::size_t kept() {
    std::size_t sum = 0;
    for (int person = 0; person < 5; ++person) {
      sum += world->history("p" + std::to_string(person) + "@example.com").size();
    }
    return sum;
  }

  std::optional<ShardWorld> world;
};

TEST_F(RoundOverAll, IsMadeAFewInATurn) {
  std::size_t before = kept();
  ASSERT_EQ(before, 4U) << "one turn since: that the shard lives is noted";
  for (int turn = 0; turn < 6; ++turn) {
    ASSERT_EQ(world->track_in_one_turn(of(9, "page_view", "{}")), "200");
    const std::size_t left = kept();
    EXPECT_LE(before - left, 1U);
    before = left;
  }
  EXPECT_EQ(before, 0U);
}

TEST_F(RoundOverAll, GoesOnWhereNobodyComes) {
  ASSERT_EQ(kept(), 4U);
  world->pass(base::seconds(1));
  EXPECT_EQ(kept(), 2U);
  world->pass(base::seconds(1));
  EXPECT_EQ(kept(), 0U);
  world->pass(base::seconds(1));
  const base::Instant last = world->now() - base::seconds(1);
  EXPECT_EQ(world->last_report().next_note, last + LastLived::kRest) << "nobody is left";
}

}  // namespace
}  // namespace sojourn::runtime
