#include "app/status.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sojourn::app {
namespace {

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
}

TEST(Status, SaysWhatItMakesOfTheClockAndWhatIsOverdue) {
  Gauges gauges;
  gauges.now = base::Instant{1'772'355'600'000};
  gauges.wall = gauges.now + base::hours(48);
  gauges.clock = runtime::ClockState::kDoubted;
  gauges.measured.shard.overdue = {12'345, base::seconds(90)};
  const Json status = Json::parse(status_json(gauges, {}));
  EXPECT_EQ(status["clock"], "doubted");
  EXPECT_EQ(status["now"], "2026-03-01T09:00:00Z");
  EXPECT_EQ(status["wall"], "2026-03-03T09:00:00Z");
  EXPECT_EQ(status["overdue_timers"], 12'345);
}

runtime::LaneReport lane(std::string_view name) {
  runtime::LaneReport out;
  out.name = name;
  out.in_flight = 3;
  out.allowed = out.limit = 256;
  return out;
}

TEST(Status, SaysNothingOfEndpointsThatAreWell) {
  Gauges gauges;
  gauges.measured.shard.endpoints = {lane("email"), lane("sms")};
  EXPECT_TRUE(Json::parse(status_json(gauges, {}))["endpoints"].empty());
}

TEST(Status, SaysOfAnEndpointThatIsOpenOrSlowedSinceWhenAndWhy) {
  runtime::LaneReport open = lane("email");
  open.breaker = runtime::Breaker::State::kResting;
  open.allowed = 0;
  open.since = base::Instant{1'000'000};
  open.until = base::Instant{1'060'000};
  open.why = "server_error";
  runtime::LaneReport slowed = lane("scores.example.com:443");
  slowed.is_slowed = true;
  slowed.slowed_since = base::Instant{2'000'000};
  slowed.believed_per_second = 12.5;
  Gauges gauges;
  gauges.measured.shard.endpoints = {open, lane("sms")};
  gauges.measured.shard.hosts = {slowed};
  EXPECT_EQ(Json::parse(status_json(gauges, {}))["endpoints"], Json::parse(R"([
    {"endpoint": "email", "breaker": "open", "since": "1970-01-01T00:16:40Z",
     "reason": "server_error", "nothing_before": "1970-01-01T00:17:40Z", "in_flight": 3,
     "allowed": 0, "slowed_since": null, "per_second": null},
    {"endpoint": "scores.example.com:443", "breaker": "closed", "since": null, "reason": null,
     "nothing_before": null, "in_flight": 3, "allowed": 256,
     "slowed_since": "1970-01-01T00:33:20Z", "per_second": 12.5}])"));
}

}  // namespace
}  // namespace sojourn::app
