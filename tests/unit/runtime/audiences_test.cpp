// `enter every` and `enter at`, through the real store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::Millis;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string program(std::string_view journeys) {
  return fmt::format(R"(
    user {{ plan string }}
    event signup
    event login
    segment everybody = user.email is set
    segment pro = user.plan == "pro"
    policy {{ timezone user.timeZone default "Europe/Berlin" }}
    {}
  )",
                     journeys);
}

constexpr std::string_view kOther = "journey other { enter on signup  wait 1h }";
constexpr std::string_view kDigest = R"(
  journey digest {
    enter   every monday at 09:00 for pro
    reenter always
    exit as told
  })";
constexpr std::string_view kNotice = R"(
  journey notice { enter at 2026-03-02T10:00Z for everybody  exit as told })";

// At 2026-03-01T09:00Z, a Sunday.
class AudiencesTest : public testing::Test {
 protected:
  void begin(std::string_view journeys, ShardSettings settings = {}) {
    world_.emplace(program(journeys), std::move(settings));
  }
  void update(std::string_view fields, std::string_view who = "ada") {
    EXPECT_EQ(world_->update(
                  fmt::format(R"({{"email":"{}@example.com","dataFields":{{{}}}}})", who, fields)),
              "200 Success");
  }
  // So many users of the plan `pro`.
  void many_users(int count) {
    for (int i = 0; i < count; ++i) update(R"("plan":"pro")", fmt::format("user{}", i));
  }
  std::int64_t entered(const std::string& journey) { return world_->counter("entered/" + journey); }
  void pass_until(std::string_view time) {
    world_->pass(*base::parse_timestamp(time) - world_->now());
  }
  std::vector<std::string> watched(std::string_view who = "ada") {
    std::vector<std::string> out;
    const auto report = nlohmann::json::parse(world_->report(fmt::format("{}@example.com", who)));
    for (const auto& watch : report["watched"]) out.push_back(watch["due"]);
    return out;
  }

  std::optional<ShardWorld> world_;
};

TEST_F(AudiencesTest, AScheduleEntersThoseOfItsSegmentEachTime) {
  begin(kDigest);
  update(R"("plan":"pro")");
  update(R"("plan":"free")", "bob");
  EXPECT_THAT(watched(), ElementsAre("2026-03-02T08:00:00Z"));
  world_->restart();
  world_->pass(Millis{base::hours(23).count - 1});
  EXPECT_EQ(entered("digest"), 0);
  world_->pass(Millis{1});
  EXPECT_EQ(entered("digest"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), testing::Contains("exited digest told"));
  world_->restart();
  EXPECT_EQ(entered("digest"), 1) << "neither lost nor doubled";
  EXPECT_THAT(watched(), ElementsAre("2026-03-09T08:00:00Z"));
  update(R"("plan":"pro")", "bob");
  pass_until("2026-03-09T08:00Z");
  EXPECT_EQ(entered("digest"), 3);
}

TEST_F(AudiencesTest, EachUserEntersByTheClockAtHome) {
  begin(kDigest);
  update(R"("plan":"pro","timeZone":"Asia/Tokyo")");
  update(R"("plan":"pro","timeZone":"America/New_York")", "bob");
  pass_until("2026-03-02T00:00Z");
  EXPECT_EQ(entered("digest"), 1);
  pass_until("2026-03-02T13:59Z");
  EXPECT_EQ(entered("digest"), 1);
  pass_until("2026-03-02T14:00Z");
  EXPECT_EQ(entered("digest"), 2);
}

TEST_F(AudiencesTest, TheMomentIsWhenTheEntryHappened) {
  begin(R"(
    journey late {
      enter   every day at 09:00 for everybody
      reenter always
      wait until entry.createdAt + 2h past exit as too_late
      exit as in_time
    })");
  update(R"("plan":"pro")");
  pass_until("2026-03-02T09:30Z");
  EXPECT_EQ(world_->counter("exited/late/in_time"), 0);
  pass_until("2026-03-02T10:00Z");
  EXPECT_EQ(world_->counter("exited/late/in_time"), 1);
}

TEST_F(AudiencesTest, MomentsOfATimeWithoutTheDaemonComeOnce) {
  begin(kDigest);
  update(R"("plan":"pro")");
  world_->move_clock(base::days24(30));
  world_->restart();
  EXPECT_EQ(entered("digest"), 1);
  EXPECT_THAT(watched(), ElementsAre("2026-04-06T07:00:00Z"));
}

TEST_F(AudiencesTest, AMomentThatComesOnceDoesSoWhateverIsEditedLater) {
  begin(kNotice);
  update(R"("plan":"pro")");
  pass_until("2026-03-02T10:00Z");
  EXPECT_EQ(entered("notice"), 1);
  update(R"("plan":"free")", "bob");
  world_->restart_with(program(std::string(kNotice) + std::string(kDigest)));
  world_->pass(base::days24(1));
  EXPECT_EQ(entered("notice"), 1) << "Ada was told, and Bob came later";
  EXPECT_EQ(world_->counter("refused/notice/reenter_never"), 0);
}

// --- Those who were there before the journey ---

TEST_F(AudiencesTest, WhoNeverSendsAnythingIsMeantByANewJourney) {
  begin(kOther);
  update(R"("plan":"pro")");
  world_->restart_with(program(std::string(kOther) + std::string(kDigest) + std::string(kNotice)));
  pass_until("2026-03-02T10:00Z");
  EXPECT_EQ(entered("digest"), 1);
  EXPECT_EQ(entered("notice"), 1);
}

TEST_F(AudiencesTest, ADateOfANewJourneyIsKnownOfThoseToo) {
  begin(R"(user { endsAt timestamp } journey other { enter on signup  wait 1h })");
  update(R"("endsAt":"2026-03-05 09:00:00 +00:00")");
  world_->restart_with(program(R"(
    user { endsAt timestamp }
    journey other { enter on signup  wait 1h }
    journey ending { enter on user.endsAt  exit })"));
  pass_until("2026-03-05T09:00Z");
  EXPECT_EQ(entered("ending"), 1);
}

TEST_F(AudiencesTest, GoingThroughAllUsersGoesOnAfterARestart) {
  ShardSettings settings;
  settings.turn.max_census = 7;
  begin(kOther, settings);
  many_users(40);
  world_->open_again_with(program(std::string(kOther) + std::string(kDigest)));
  world_->run_turns(2);
  world_->move_clock(base::days24(1));
  world_->open_again();
  world_->run_turns(1);
  EXPECT_EQ(entered("digest"), 14 + 7) << "those known before, and those whose turn it was";
  world_->restart();
  EXPECT_EQ(entered("digest"), 40) << "a moment that came before their turn is theirs all the same";
  for (int i = 0; i < 40; ++i) {
    EXPECT_THAT(watched(fmt::format("user{}", i)), ElementsAre("2026-03-09T08:00:00Z"));
  }
}

TEST_F(AudiencesTest, WhoComesWhileAllAreGoneThroughTakesTheNextMoment) {
  ShardSettings settings;
  settings.turn.max_census = 1;
  begin(kOther, settings);
  many_users(5);
  world_->open_again_with(program(std::string(kOther) + std::string(kDigest)));
  world_->move_clock(base::days24(1));
  update(R"("plan":"pro")", "new");
  EXPECT_EQ(entered("digest"), 5);
  EXPECT_THAT(watched("new"), ElementsAre("2026-03-09T08:00:00Z"));
}

TEST_F(AudiencesTest, SomebodyOfAnUndeclaredEventIsThereFromThenOn) {
  begin(kNotice);
  pass_until("2026-03-02T12:00Z");
  EXPECT_EQ(world_->track(R"({"email":"ada@example.com","eventName":"unheard_of"})"),
            "200 Success");
  world_->restart_with(program(std::string(kNotice) + std::string(kDigest)));
  EXPECT_EQ(entered("notice"), 0);
}

TEST_F(AudiencesTest, AJourneyThatIsTakenOutIsNotWaitedFor) {
  begin(std::string(kOther) + std::string(kDigest));
  update(R"("plan":"pro")");
  world_->restart_with(program(kOther));
  pass_until("2026-03-16T12:00Z");
  EXPECT_THAT(watched(), IsEmpty());
  world_->restart_with(program(std::string(kOther) + std::string(kDigest)));
  EXPECT_EQ(entered("digest"), 0) << "it is a new one, and what came before it does not count";
  pass_until("2026-03-23T12:00Z");
  EXPECT_EQ(entered("digest"), 1);
}

TEST_F(AudiencesTest, AnotherZoneOfThePolicyMovesWhatIsToCome) {
  const auto in_zone = [](std::string_view zone) {
    return fmt::format(R"(
      user {{ plan string }}
      segment pro = user.plan == "pro"
      policy {{ timezone "{}" }}
      {})",
                       zone, kDigest);
  };
  world_.emplace(in_zone("America/New_York"));
  update(R"("plan":"pro")");
  EXPECT_THAT(watched(), ElementsAre("2026-03-02T14:00:00Z"));
  world_->restart_with(in_zone("Asia/Tokyo"));
  EXPECT_THAT(watched(), ElementsAre("2026-03-02T00:00:00Z"));
}

// --- All at one instant ---

TEST_F(AudiencesTest, SendersAreAnsweredWhileAWholeAudienceIsDue) {
  ShardSettings settings;
  settings.turn.max_timers = 8;
  begin(kDigest, settings);
  many_users(100);
  world_->move_clock(base::days24(1));
  EXPECT_EQ(world_->track_in_one_turn(R"({"email":"eve@example.com","eventName":"login"})"), "200");
  EXPECT_EQ(entered("digest"), 8) << "so many in a turn";
  world_->open_again();
  EXPECT_EQ(world_->track_in_one_turn(R"({"email":"eve@example.com","eventName":"login"})"), "200");
  EXPECT_EQ(entered("digest"), 16);
  world_->restart();
  EXPECT_EQ(entered("digest"), 100);
}

TEST_F(AudiencesTest, ASlowPaceLetsThemInOneAfterTheOther) {
  begin(R"(
    journey offer {
      enter   at 2026-03-02T10:00Z for everybody
      pace    2 per 1h
      exit as told
    })");
  many_users(5);
  pass_until("2026-03-02T10:00Z");
  EXPECT_EQ(world_->counter("exited/offer/told"), 2);
  world_->restart();
  pass_until("2026-03-02T12:00Z");
  EXPECT_EQ(world_->counter("exited/offer/told"), 5);
}

}  // namespace
}  // namespace sojourn::runtime
