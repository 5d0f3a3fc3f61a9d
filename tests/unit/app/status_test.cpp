#include "app/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

Counters counters() {
  Counters out;
  out.set({{"entered/j", 130},
           {"events/signup", 130},
           {"measured/j/s/a", 60},
           {"measured/j/s/b", 70},
           {"measure_met/j/s/b", 35},
           {"decided/j/s/b", 1},
           {"measured/j/t/a", 9},
           {"unbalanced/j/t", 1}});
  return out;
}

TEST(Status, SaysOfMeasuredSplitsWhatWasCountedAndDecided) {
  const Json status = Json::parse(status_json({}, counters()));
  ASSERT_EQ(status["journeys"].size(), 1U) << "an event is no journey";
  const Json expected = Json::parse(R"([
    {"split": "s", "decided": "b", "unbalanced": false,
     "arms": [{"arm": "a", "people": 60, "succeeded": 0},
              {"arm": "b", "people": 70, "succeeded": 35}]},
    {"split": "t", "decided": null, "unbalanced": true,
     "arms": [{"arm": "a", "people": 9, "succeeded": 0}]}])");
  EXPECT_EQ(status["journeys"][0]["splits"], expected);
}

TEST(Status, ADecisionThatWasTakenBackIsNone) {
  Counters taken_back = counters();
  taken_back.apply({{"decided/j/s/b", -1}});
  const Json status = Json::parse(status_json({}, taken_back));
  EXPECT_TRUE(status["journeys"][0]["splits"][0]["decided"].is_null());
}

TEST(Status, SaysWhatOperatorsHaveSaidOfAJourney) {
  Counters said;
  said.set({{"entered/j", 3},
            {"operation/j/paused", 1},
            {"operation/j/draining", 1},
            {"operation/j/stopped", 0},
            {"held_back/j", 7}});
  const Json status = Json::parse(status_json({}, said));
  EXPECT_EQ(status["journeys"][0]["states"], (Json{"draining", "paused"}));
  EXPECT_EQ(status["journeys"][0]["held_back"], 7);
  EXPECT_THAT(metrics_text({}, said),
              HasSubstr("sojourn_journey_operation{journey=\"j\",state=\"paused\"} 1\n"));
}

TEST(Status, SaysWhatItMakesOfTheClockAndWhatIsOverdue) {
  Gauges gauges;
  gauges.now = base::Instant{1'772'355'600'000};
  gauges.wall = gauges.now + base::hours(48);
  gauges.clock = runtime::ClockState::kDoubted;
  gauges.shard.overdue = {12'345, base::seconds(90)};
  const Json status = Json::parse(status_json(gauges, {}));
  EXPECT_EQ(status["clock"], "doubted");
  EXPECT_EQ(status["now"], "2026-03-01T09:00:00Z");
  EXPECT_EQ(status["wall"], "2026-03-03T09:00:00Z");
  EXPECT_EQ(status["overdue_timers"], 12'345);
  const std::string metrics = metrics_text(gauges, {});
  EXPECT_THAT(metrics, HasSubstr("sojourn_clock_state{state=\"doubted\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("sojourn_clock_state{state=\"steady\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("sojourn_clock_ahead_of_wall_seconds -172800\n"));
  EXPECT_THAT(metrics, HasSubstr("sojourn_timers_overdue 12345\n"));
  EXPECT_THAT(metrics, HasSubstr("sojourn_timer_lateness_seconds 90\n"));
}

TEST(Metrics, HaveTheSplits) {
  const std::string text = metrics_text({}, counters());
  EXPECT_THAT(text, HasSubstr("sojourn_split_people{journey=\"j\",split=\"s\",arm=\"b\"} 70\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_split_unbalanced{journey=\"j\",split=\"t\"} 1\n"));
}

}  // namespace
}  // namespace sojourn::app
