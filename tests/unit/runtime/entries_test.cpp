// What starts a journey beside a declared event, through the real store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::Millis;
using ::testing::Contains;
using ::testing::IsEmpty;

std::string program(std::string_view journeys) {
  return fmt::format(R"(
    user {{ plan string, seats integer, birthday date, endsAt timestamp }}
    event signup
    event login
    policy {{ timezone user.timeZone default "UTC" }}
    {}
  )",
                     journeys);
}

// At 2026-03-01T09:00Z.
class EntriesTest : public testing::Test {
 protected:
  void begin(std::string_view journeys) { world_.emplace(program(journeys)); }
  void update(std::string_view fields) {
    EXPECT_EQ(
        world_->update(fmt::format(R"({{"email":"ada@example.com","dataFields":{{{}}}}})", fields)),
        "200 Success");
  }
  void track(std::string_view event) {
    EXPECT_EQ(
        world_->track(fmt::format(R"({{"email":"ada@example.com","eventName":"{}"}})", event)),
        "200 Success");
  }
  std::string enter(std::string_view journey, std::string_view rest) {
    return world_->enter(std::string(journey),
                         fmt::format(R"({{"email":"ada@example.com"{}}})", rest));
  }
  std::int64_t entered(const std::string& journey = "j") {
    return world_->counter("entered/" + journey);
  }
  std::vector<std::string> watched() {
    std::vector<std::string> out;
    const auto report = nlohmann::json::parse(world_->report("ada@example.com"));
    for (const auto& watch : report["watched"]) out.push_back(watch["due"]);
    return out;
  }
  void pass_until(std::string_view time) {
    world_->pass(*base::parse_timestamp(time) - world_->now());
  }

  std::optional<ShardWorld> world_;
};

// --- By the API, and by `start` ---

constexpr std::string_view kByApi = R"(
  journey j {
    enter on api { code string, seats integer? }
    one per entry.code
    wait 1d
    if entry.seats is set { exit as seated }
  })";

TEST_F(EntriesTest, AnEntryByTheApiIsAcknowledgedAndRecognised) {
  begin(kByApi);
  const auto* const body = R"(,"id":"e1","dataFields":{"code":"a","seats":3})";
  EXPECT_EQ(enter("j", body), "200 Success");
  world_->restart();
  EXPECT_EQ(enter("j", body), "200 Success");
  EXPECT_EQ(entered(), 1);
  EXPECT_EQ(world_->counter("repeated_events"), 1);
  EXPECT_EQ(enter("j", R"(,"id":"e2","dataFields":{"code":"a"})"), "200 Success");
  EXPECT_EQ(world_->counter("refused/j/enrolled"), 1) << "`one per` applies";
  world_->pass(base::days24(1));
  EXPECT_EQ(world_->counter("exited/j/seated"), 1);
}

TEST_F(EntriesTest, AnEventOfTheSameIdIsAnother) {
  begin(std::string(kByApi) + "journey k { enter on signup  wait 1d }");
  EXPECT_EQ(world_->track(R"({"email":"ada@example.com","eventName":"signup","id":"e1"})"),
            "200 Success");
  EXPECT_EQ(enter("j", R"(,"id":"e1","dataFields":{"code":"a"})"), "200 Success");
  EXPECT_EQ(entered("k"), 1);
  EXPECT_EQ(entered("j"), 1);
}

TEST_F(EntriesTest, WhatDoesNotFitIsRefusedAndNobodyEnters) {
  begin(kByApi);
  EXPECT_EQ(enter("j", R"(,"dataFields":{"seats":3})"), "400 BadParams");
  EXPECT_EQ(enter("j", R"(,"dataFields":{"code":"a","shoe":42})"), "400 BadParams");
  EXPECT_EQ(enter("j", R"(,"dataFields":{"code":7})"), "400 RequestFieldsTypesMismatched");
  EXPECT_EQ(enter("other", R"(,"dataFields":{"code":"a"})"), "404 UnknownJourney");
  EXPECT_EQ(entered(), 0);
}

TEST_F(EntriesTest, AStepStartsAnotherJourneyOfTheSameUser) {
  begin(R"(
    journey first { enter on signup  wait 1h  start j with { code: "a" }  wait 1h  start j with { code: "a" } }
    journey j {
      enter   on api { code string, seats integer? }
      reenter never
      if entry.code == "a" { exit as right }
    })");
  track("signup");
  world_->restart();
  world_->pass(base::hours(1));
  EXPECT_EQ(world_->counter("exited/j/right"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("event api j started"));
  world_->pass(base::hours(1));
  EXPECT_EQ(world_->counter("refused/j/reenter_never"), 1);
}

// --- Changes ---

TEST_F(EntriesTest, AChangeOfTheProfileEntersWithBothSides) {
  begin(R"(
    journey j {
      enter on user.plan changed where event.to == "pro"
      if entry.from is set and entry.from == "free" { exit as upgraded }
      exit as new
    })");
  update(R"("plan":"free")");
  update(R"("seats":3)");
  EXPECT_EQ(entered(), 0);
  update(R"("plan":"pro","seats":4)");
  EXPECT_EQ(world_->counter("exited/j/upgraded"), 1);
}

TEST_F(EntriesTest, AChangeThatAJourneyMakesIsOneToo) {
  begin(R"(
    journey writes { enter on signup  update user { plan: "pro" } }
    journey j {
      enter on user.plan changed
      exit  on user.seats changed where event.to > 5 as grown
      wait for user.plan changed up to 2d { exit as again }
    })");
  track("signup");
  EXPECT_EQ(entered(), 1);
  update(R"("seats":3)");
  world_->restart();
  EXPECT_EQ(world_->counter("exited/j/grown"), 0);
  update(R"("plan":"pro")");
  EXPECT_EQ(world_->counter("exited/j/again"), 0) << "it reads the same";
  update(R"("plan":"max")");
  EXPECT_EQ(world_->counter("exited/j/again"), 1);
}

TEST_F(EntriesTest, ExitsGoByTheOrderWrittenAlsoWithChanges) {
  begin(R"(
    journey j {
      enter on signup
      exit  on user.plan changed as by_change
      exit  when user.plan is set as by_condition
      wait 1d
    })");
  track("signup");
  update(R"("plan":"free")");
  EXPECT_EQ(world_->counter("exited/j/by_change"), 1);
}

// --- Dates ---

constexpr std::string_view kBirthday = R"(
  journey j {
    enter   every year on user.birthday at 09:00
    reenter always
    exit as greeted
  })";

TEST_F(EntriesTest, ABirthdayComesEveryYearAcrossRestarts) {
  begin(kBirthday);
  update(R"("birthday":"1990-03-05","timeZone":"Europe/Berlin")");
  EXPECT_THAT(watched(), testing::ElementsAre("2026-03-05T08:00:00Z"));
  world_->restart();
  world_->pass(Millis{base::days24(4).count - base::hours(1).count - 1});
  EXPECT_EQ(entered(), 0);
  world_->pass(Millis{1});
  EXPECT_EQ(entered(), 1);
  world_->restart();
  EXPECT_EQ(entered(), 1) << "neither lost nor doubled";
  EXPECT_THAT(watched(), testing::ElementsAre("2027-03-05T08:00:00Z"));
  pass_until("2028-01-01T00:00Z");
  EXPECT_EQ(entered(), 2);
}

TEST_F(EntriesTest, ALineThatStandsTwiceIsTwoRulesAcrossRestarts) {
  begin(R"(
    journey j {
      enter every year on user.birthday
      enter every year on user.birthday
      reenter always
      exit as greeted
    }
  )");
  update(R"("birthday":"1990-03-05")");
  const std::string moment = "2026-03-05T00:00:00Z";
  EXPECT_THAT(watched(), testing::ElementsAre(moment, moment));
  world_->restart();
  EXPECT_THAT(watched(), testing::ElementsAre(moment, moment));
  pass_until("2026-03-06T00:00Z");
  EXPECT_EQ(entered(), 2);
  const std::string next = "2027-03-05T00:00:00Z";
  EXPECT_THAT(watched(), testing::ElementsAre(next, next));
}

TEST_F(EntriesTest, AMomentFollowsItsFieldUntilItIsGone) {
  begin("journey j { enter on user.endsAt - 2d  exit as warned }");
  update(R"("endsAt":"2026-03-10 09:00:00 +00:00")");
  update(R"("endsAt":"2026-03-20 09:00:00 +00:00")");
  world_->restart();
  pass_until("2026-03-17T00:00Z");
  EXPECT_EQ(entered(), 0);
  update(R"("endsAt":null)");
  EXPECT_THAT(watched(), IsEmpty());
  pass_until("2026-04-01T00:00Z");
  EXPECT_EQ(entered(), 0);
  update(R"("endsAt":"2026-04-02 00:00:00 +00:00")");
  EXPECT_EQ(entered(), 0) << "two days before it has gone by";
}

TEST_F(EntriesTest, TheMomentIsWhenTheEntryHappened) {
  begin(R"(
    journey j {
      enter on user.endsAt
      wait until entry.createdAt + 2h past exit as late
      exit as on_time
    })");
  update(R"("endsAt":"2026-03-02 09:00:00 +00:00")");
  pass_until("2026-03-02T10:30Z");
  EXPECT_EQ(entered(), 1);
  pass_until("2026-03-02T11:00Z");
  EXPECT_EQ(world_->counter("exited/j/on_time"), 1);
}

TEST_F(EntriesTest, AWaitThatEndsAtTheSameInstantMakesRoomForTheEntry) {
  begin(R"(journey j {
    enter on signup
    enter on user.endsAt
    reenter always
    wait until user.endsAt past continue missing continue
  })");
  update(R"("endsAt":"2026-03-02T09:00:00Z")");
  track("signup");
  pass_until("2026-03-02T09:00Z");
  EXPECT_EQ(world_->counter("exited/j/completed"), 2);
  EXPECT_EQ(entered(), 2);
  EXPECT_EQ(world_->counter("refused/j/enrolled"), 0);
}

TEST_F(EntriesTest, AnEventAfterAnOverdueMomentFindsThePersonInside) {
  begin(R"(
    journey j { enter on user.endsAt  exit on login as seen  wait 30d })");
  update(R"("endsAt":"2026-03-02 09:00:00 +00:00")");
  pass_until("2026-03-03T09:00Z");
  track("login");
  EXPECT_EQ(world_->counter("exited/j/seen"), 1);
}

// --- Conditions ---

TEST_F(EntriesTest, AConditionEntersWhenItBecomesTrue) {
  begin(R"(journey j { enter when user.plan == "pro" and user.seats > 5  reenter always  exit })");
  update(R"("plan":"pro","seats":9)");
  EXPECT_EQ(entered(), 1);
  world_->restart();
  update(R"("seats":10)");
  EXPECT_EQ(entered(), 1) << "it held already";
  update(R"("seats":1)");
  world_->restart();
  update(R"("seats":6)");
  EXPECT_EQ(entered(), 2);
}

TEST_F(EntriesTest, HoweverManyJourneysWaitForOneMomentAllAreEntered) {
  constexpr int kJourneys = 100;
  std::string journeys;
  for (int i = 0; i < kJourneys; ++i) {
    journeys += fmt::format("journey j{} {{ enter when user.plan == \"pro\" wait 1d }}\n", i);
  }
  begin(journeys);
  update(R"("plan":"free")");
  update(R"("plan":"pro")");
  for (int i = 0; i < kJourneys; ++i) EXPECT_EQ(entered(fmt::format("j{}", i)), 1) << i;
}

TEST_F(EntriesTest, TimeAloneMakesAConditionTrue) {
  begin("journey j { enter when any login and no login within 7d  reenter always  exit }");
  track("login");
  world_->pass(base::days24(5));
  track("login");
  world_->restart();
  world_->pass(base::days24(7));
  EXPECT_EQ(entered(), 0);
  world_->pass(Millis{1});
  EXPECT_EQ(entered(), 1);
  world_->restart();
  world_->pass(base::days24(60));
  EXPECT_EQ(entered(), 1);
}

TEST_F(EntriesTest, AJourneyThatIsNewDoesNotTakeThoseForWhomItHolds) {
  begin("journey other { enter on signup }");
  update(R"("plan":"pro","endsAt":"2026-03-05 09:00:00 +00:00")");
  const std::string with_new = program(R"(
    journey other { enter on signup }
    journey j { enter when user.plan == "pro"  reenter always  exit }
    journey k { enter on user.endsAt  exit })");
  world_->restart_with(with_new);
  update(R"("seats":3)");
  EXPECT_EQ(entered("j"), 0);
  world_->pass(base::days24(5));
  EXPECT_EQ(entered("k"), 1) << "it was watched from the first input on";
  update(R"("plan":"free")");
  update(R"("plan":"pro")");
  EXPECT_EQ(entered("j"), 1);
}

TEST_F(EntriesTest, TheFirstInputUnderANewJourneyCanMakeItTrue) {
  begin("journey other { enter on signup }");
  update(R"("plan":"free")");
  world_->restart_with(program(R"(
    journey other { enter on signup }
    journey j { enter when user.plan == "pro"  exit })"));
  update(R"("plan":"pro")");
  EXPECT_EQ(entered("j"), 1);
}

TEST_F(EntriesTest, WhatHoldsOfWhoIsNewStartsNobodyUntilItHasStoppedToHold) {
  begin(R"(
    journey j { enter when not user.plan == "pro"  reenter always  exit }
    journey k { enter when user.email == "ada@example.com"  exit }
    journey l { enter when user.plan == "pro" or user.seats > 5  reenter always  exit })");
  track("login");
  world_->restart();
  update(R"("plan":"pro")");
  EXPECT_EQ(entered("j"), 0);
  EXPECT_EQ(entered("l"), 1);
  update(R"("plan":"free")");
  EXPECT_EQ(entered("j"), 1);
  update(R"("plan":"pro")");
  update(R"("plan":"free")");
  EXPECT_EQ(entered("j"), 2);
  EXPECT_EQ(entered("k"), 0);
  EXPECT_EQ(entered("l"), 2);
}

TEST_F(EntriesTest, WhatNoJourneyWatchesAnyMoreIsDropped) {
  begin(kBirthday);
  update(R"("birthday":"1990-03-05")");
  world_->restart_with(program("journey other { enter on signup }"));
  world_->pass(base::days24(30));
  track("login");
  EXPECT_EQ(entered(), 0);
  EXPECT_THAT(watched(), IsEmpty());
}

TEST_F(EntriesTest, OneJourneysEntryMayMakeAnothersConditionTrue) {
  begin(R"(
    journey writes { enter on user.endsAt  update user { plan: "over" } }
    journey j { enter when user.plan == "over"  exit })");
  update(R"("endsAt":"2026-03-02 09:00:00 +00:00")");
  world_->pass(base::days24(1));
  EXPECT_EQ(entered("writes"), 1);
  EXPECT_EQ(entered("j"), 1);
}

// --- Lists and journeys ---

TEST_F(EntriesTest, WhoJoinsAListEnters) {
  begin(R"(
    list vips = 21
    journey j { enter on list vips  exit when not in list vips as left_list  wait 9d }
    journey k { enter when in list vips and in journey j  reenter always  wait 1h })");
  const std::string ada = R"({"listId":21,"subscribers":[{"email":"ada@example.com"}]})";
  world_->subscribe(ada);
  world_->restart();
  world_->subscribe(ada);
  EXPECT_EQ(entered("j"), 1);
  EXPECT_EQ(entered("k"), 1);
  EXPECT_EQ(world_->counter("refused/j/enrolled"), 0) << "nothing changed";
  world_->unsubscribe(ada);
  EXPECT_EQ(world_->counter("exited/j/left_list"), 1);
  world_->subscribe(ada);
  EXPECT_EQ(world_->counter("refused/j/reenter_never"), 1);
  EXPECT_EQ(entered("k"), 1);
}

TEST_F(EntriesTest, NowMayPassADateOfTheProfile) {
  begin("journey j { enter when now >= user.endsAt  exit }");
  update(R"("endsAt":"2026-03-02 09:00:00 +00:00")");
  world_->restart();
  world_->pass(Millis{base::days24(1).count - 1});
  EXPECT_EQ(entered(), 0);
  world_->pass(Millis{1});
  EXPECT_EQ(entered(), 1);
}

}  // namespace
}  // namespace sojourn::runtime
