#include "app/metrics.h"

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace sojourn::app {
namespace {

using ::testing::HasSubstr;

std::string text_of_file(const std::string& path) {
  std::ifstream file(std::string(SOJOURN_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Gauges gauges() {
  Gauges out;
  out.config.max_waiting_items = 20'000;
  out.shard.waiting_items = 17;
  out.config.max_waiting_bytes = 1'000'000;
  out.shard.waiting_bytes = 321;
  runtime::LaneReport email;
  email.name = "email";
  email.in_flight = 5;
  email.allowed = 8;
  email.limit = 256;
  email.breaker = runtime::Breaker::State::kGrowing;
  email.believed_per_second = 12.5;
  out.measured.shard.endpoints = {email};
  out.measured.shard.paces = {{"welcome", base::seconds(90)}};
  out.measured.shard.overdue.late_by = base::Millis{1500};
  out.measured.shard.lateness.add(base::Millis{3});
  out.measured.shard.lateness.add(base::seconds(20));
  return out;
}

TEST(Metrics, HaveTheDurableCounters) {
  Counters counters;
  counters.set({{"measured/j/s/b", 70},
                {"unbalanced/j/t", 1},
                {"operation/j/paused", 1},
                {"repeated_events", 4}});
  const std::string text = metrics_text({}, counters);
  EXPECT_THAT(text, HasSubstr("sojourn_split_people{journey=\"j\",split=\"s\",arm=\"b\"} 70\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_split_unbalanced{journey=\"j\",split=\"t\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_journey_operation{journey=\"j\",state=\"paused\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nsojourn_repeated_events_total 4\n"));
}

TEST(Metrics, SayHowFullEachBoundIs) {
  const std::string text = metrics_text(gauges(), {});
  constexpr const char* kLabels = "{bound=\"intake_items\",key=\"[intake] max_waiting_items\"}";
  EXPECT_THAT(text, HasSubstr(std::string("sojourn_bound_limit") + kLabels + " 20000\n"));
  EXPECT_THAT(text, HasSubstr(std::string("sojourn_bound_used") + kLabels + " 17\n"));
  constexpr const char* kBytes = "{bound=\"intake_bytes\",key=\"[intake] max_waiting_bytes\"}";
  EXPECT_THAT(text, HasSubstr(std::string("sojourn_bound_limit") + kBytes + " 1000000\n"));
  EXPECT_THAT(text, HasSubstr(std::string("sojourn_bound_used") + kBytes + " 321\n"));
}

TEST(Metrics, SayHowEachEndpointIs) {
  const std::string text = metrics_text(gauges(), {});
  EXPECT_THAT(text, HasSubstr("sojourn_endpoint_claims{endpoint=\"email\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_endpoint_claims_allowed{endpoint=\"email\"} 8\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_endpoint_breaker{endpoint=\"email\"} 3\n"));
  EXPECT_THAT(text,
              HasSubstr("sojourn_endpoint_budget_believed_per_second{endpoint=\"email\"} 12.5\n"));
  EXPECT_THAT(
      text, HasSubstr("sojourn_endpoint_budget_configured_per_second{endpoint=\"email\"} +Inf\n"));
}

TEST(Metrics, SayHowLateThingsAre) {
  const std::string text = metrics_text(gauges(), {});
  EXPECT_THAT(text, HasSubstr("sojourn_timers_behind_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_pace_wait_seconds{journey=\"welcome\"} 90\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_timer_lateness_seconds_bucket{le=\"0.002\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_timer_lateness_seconds_bucket{le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_timer_lateness_seconds_bucket{le=\"60\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_timer_lateness_seconds_bucket{le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_timer_lateness_seconds_sum 20.003\n"));
  EXPECT_THAT(text, HasSubstr("sojourn_timer_longest_lateness_seconds 20\n"));
}

// What is written once, with what it means, is also what Prometheus wants.
TEST(Metrics, AreEachDeclaredOnceBeforeTheirLines) {
  std::set<std::string> declared;
  const std::regex type("# TYPE ([a-z_]+) (counter|gauge|histogram)");
  const std::regex help("# HELP [a-z_]+ .+");
  const std::regex sample(R"(([a-z_]+?)(_bucket|_sum|_count)?(\{.*\})? [^ ]+)");
  for (const std::string& line : lines_of(metrics_text(gauges(), {}))) {
    std::smatch parts;
    if (std::regex_match(line, parts, type)) {
      EXPECT_TRUE(declared.insert(parts[1]).second) << line;
    } else if (!std::regex_match(line, help)) {
      ASSERT_TRUE(std::regex_match(line, parts, sample)) << line;
      EXPECT_TRUE(declared.contains(parts[1])) << line;
    }
  }
}

// Every whole number that sojourn.toml may give is a limit that an operator wants to see.
TEST(Metrics, HaveEveryLimitOfSojournToml) {
  std::map<std::string, int> keys;
  const std::string source = text_of_file("app/config.cpp") +
                             text_of_file("app/intake_config.cpp") +
                             text_of_file("app/iterable_config.cpp");
  const std::regex read("integer\\(\"([a-z_]+)\"");
  for (auto it = std::sregex_iterator(source.begin(), source.end(), read);
       it != std::sregex_iterator(); ++it) {
    ++keys[(*it)[1]];
  }
  ASSERT_GE(keys.size(), 8U) << "the keys are found in the reader";
  const std::string text = metrics_text({}, {});
  for (const auto& [key, times] : keys) {
    int found = 0;
    for (const MetricBound& bound : metric_bounds()) {
      const std::string line = "sojourn_bound_limit{bound=\"" + std::string(bound.name) +
                               "\",key=\"" + std::string(bound.key) + "\"} ";
      EXPECT_THAT(text, HasSubstr(line));
      if (bound.key.ends_with("] " + key)) ++found;
    }
    EXPECT_EQ(found, times) << "`" << key << "` has no row in app/metric_bounds.cpp";
  }
}

TEST(Metrics, StandInTheirTable) {
  const std::string page = text_of_file("docs/running.md");
  const std::regex type("# TYPE ([a-z_]+) .+");
  for (const std::string& line : lines_of(metrics_text({}, {}))) {
    std::smatch parts;
    if (!std::regex_match(line, parts, type)) continue;
    EXPECT_THAT(page, HasSubstr("`" + parts[1].str() + "`"));
  }
  for (const MetricBound& bound : metric_bounds()) {
    EXPECT_THAT(page, HasSubstr("`" + std::string(bound.name) + "`"));
  }
}

}  // namespace
}  // namespace sojourn::app
