// A government changes the rules of a zone while people wait for nine o'clock there: through
// the real store, with two tables of the zones.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "calendar/zone.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::Instant;
using base::Millis;

constexpr std::string_view kJourneys = R"(
  event signup
  event nine
  event elapsed
  event weekly
  policy { timezone "Europe/Berlin" }
  segment everybody = user.email is set
  journey calendar { enter on signup wait 10d at 09:00 track nine }
  journey span { enter on signup wait 240h track elapsed }
  journey digest { enter every monday at 09:00 for everybody reenter always track weekly }
)";

Instant at(const char* text) {
  return base::parse_timestamp(text).value();
}

// The machine's zones, but Berlin is `hours` ahead of UTC from the evening of 1 March on.
class OtherRules final : public calendar::ZoneSource {
 public:
  OtherRules(int hours, std::string edition)
      : berlin_("Europe/Berlin", 3'600, {{at("2026-03-01T18:00Z"), hours * 3'600}}),
        edition_(std::move(edition)),
        others_(std::move(*tzdata::SystemZones::open())) {}

  const calendar::Zone* find(std::string_view name) override {
    return name == berlin_.name() ? &berlin_ : others_->find(name);
  }
  std::string_view tz_version() const override { return edition_; }

 private:
  const calendar::Zone berlin_;
  const std::string edition_;
  const std::unique_ptr<tzdata::SystemZones> others_;
};

std::unique_ptr<calendar::ZoneSource> ahead_by(int hours) {
  return std::make_unique<OtherRules>(hours, fmt::format("test{}", hours));
}

// Everybody signs up at 2026-03-01T09:00Z, a Sunday; nine o'clock ten days later is 08:00Z.
class ZoneRulesTest : public testing::Test {
 protected:
  void sign_up(int people) {
    for (int i = 0; i < people; ++i) {
      EXPECT_EQ(
          world.track(fmt::format(R"({{"email":"u{}@example.com","eventName":"signup"}})", i)),
          "200 Success");
    }
  }
  void go_to(const char* instant) { world.pass(at(instant) - world.now()); }
  std::int64_t came(const char* event) { return world.counter(fmt::format("events/{}", event)); }

  ShardWorld world{std::string(kJourneys)};
};

TEST_F(ZoneRulesTest, NineOClockComesWhenTheNewRulesSayEarlier) {
  sign_up(1);
  world.open_again_with_zones(ahead_by(2));
  world.go_on();
  go_to("2026-03-11T06:59:59.999Z");
  EXPECT_EQ(came("nine"), 0);
  EXPECT_EQ(came("elapsed"), 0);
  go_to("2026-03-11T07:00Z");
  EXPECT_EQ(came("nine"), 1);
  EXPECT_EQ(came("elapsed"), 0);
  go_to("2026-03-11T09:00Z");
  EXPECT_EQ(came("nine"), 1) << "and not again by the old rules";
  EXPECT_EQ(came("elapsed"), 1) << "no rule moves what has elapsed";
}

TEST_F(ZoneRulesTest, NineOClockDoesNotComeByTheOldRulesWhenTheNewSayLater) {
  sign_up(1);
  world.open_again_with_zones(ahead_by(0));
  world.go_on();
  go_to("2026-03-11T08:59:59.999Z");
  EXPECT_EQ(came("nine"), 0);
  go_to("2026-03-11T09:00Z");
  EXPECT_EQ(came("nine"), 1);
  go_to("2026-03-12T12:00Z");
  EXPECT_EQ(came("nine"), 1);
}

// The timer is found due before anybody has come to this person.
TEST_F(ZoneRulesTest, NobodyIsEarlyInTheFirstTurnEither) {
  sign_up(1);
  world.move_clock(at("2026-03-11T08:00Z") - world.now());
  world.open_again_with_zones(ahead_by(0));
  world.go_on();
  EXPECT_EQ(came("nine"), 0);
  go_to("2026-03-11T09:00Z");
  EXPECT_EQ(came("nine"), 1);
}

TEST_F(ZoneRulesTest, AScheduleMovesToo) {
  sign_up(1);
  world.open_again_with_zones(ahead_by(2));
  world.go_on();
  go_to("2026-03-02T06:59:59.999Z");
  EXPECT_EQ(came("weekly"), 0);
  go_to("2026-03-02T07:00Z");
  EXPECT_EQ(came("weekly"), 1);
  world.open_again_with_zones(ahead_by(0));
  world.go_on();
  go_to("2026-03-02T12:00Z");
  EXPECT_EQ(came("weekly"), 1) << "this Monday has come";
  go_to("2026-03-09T08:59:59.999Z");
  EXPECT_EQ(came("weekly"), 1);
  go_to("2026-03-09T09:00Z");
  EXPECT_EQ(came("weekly"), 2);
}

TEST_F(ZoneRulesTest, ManyAreAimedAnewInPartsThroughKills) {
  constexpr int kPeople = 450;
  ShardSettings settings;
  settings.turn.max_census = 50;
  ShardWorld many(std::string(kJourneys), settings);
  for (int i = 0; i < kPeople; ++i) {
    many.track(fmt::format(R"({{"email":"u{}@example.com","eventName":"signup"}})", i));
  }
  const auto due_by_new_rules = [&] {
    return many.store().count_timers(at("2026-03-11T07:00Z"), 10'000).value() -
           many.store().count_timers(at("2026-03-11T06:59:59Z"), 10'000).value();
  };
  many.open_again_with_zones(ahead_by(2));
  EXPECT_EQ(due_by_new_rules(), 0U);
  many.run_turns(3);
  EXPECT_EQ(due_by_new_rules(), 150U) << "so many in a turn";
  // Killed, and started again by the same rules: it goes on where it was.
  many.open_again();
  many.run_turns(2);
  EXPECT_EQ(due_by_new_rules(), 250U);
  many.restart();
  EXPECT_EQ(due_by_new_rules(), kPeople);
  const std::uint64_t commits = many.store().sequence();
  many.restart();
  EXPECT_EQ(many.store().sequence(), commits) << "the same rules ask for nothing";
  many.pass(at("2026-03-11T12:00Z") - many.now());
  EXPECT_EQ(many.counter("events/nine"), kPeople);
}

TEST_F(ZoneRulesTest, WhatIsHeldBackOfAPausedJourneyStaysSo) {
  using What = JourneyCommand::What;
  sign_up(1);
  world.command(What::kPause, "calendar");
  go_to("2026-03-11T08:30Z");
  world.open_again_with_zones(ahead_by(0));
  world.go_on();
  EXPECT_EQ(came("nine"), 0);
  world.command(What::kResume, "calendar");
  world.pass(base::minutes(1));
  EXPECT_EQ(came("nine"), 0) << "half past eight by the new rules";
  go_to("2026-03-11T09:00Z");
  EXPECT_EQ(came("nine"), 1);
}

// The ten days end three days later, and nine o'clock of that day is by the new rules.
TEST_F(ZoneRulesTest, WhatIsFrozenAimsAtTheLaterDayByTheNewRules) {
  sign_up(1);
  go_to("2026-03-09T08:30Z");
  world.freeze("calendar");
  world.open_again_with_zones(ahead_by(2));
  world.go_on();
  go_to("2026-03-12T08:30Z");
  EXPECT_EQ(came("nine"), 0);
  world.command(JourneyCommand::What::kResume, "calendar");
  go_to("2026-03-14T06:59:59.999Z");
  EXPECT_EQ(came("nine"), 0);
  go_to("2026-03-14T07:00Z");
  EXPECT_EQ(came("nine"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
