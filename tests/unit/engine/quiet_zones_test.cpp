// Quiet hours hold in every zone of the database and across every change of its clocks:
// nothing is let go at a quiet reading, and nothing is held back longer than it must be.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "calendar/arithmetic.h"
#include "calendar/tzdata/system_zones.h"
#include "engine/sending_rules.h"

namespace sojourn::engine {
namespace {

using base::Instant;
using base::Millis;

constexpr Millis kStep = base::minutes(30);
constexpr Millis kAround = base::hours(30);

graph::TimeOfDay clock(std::int32_t hour, std::int32_t minute = 0) {
  return {hour * 60 + minute};
}

// Nights, a range inside the hours in which clocks change, one that ends and one that
// begins among them, and whole days.
std::vector<graph::QuietHours> rules() {
  const Millis limit = base::days24(10);
  std::vector<graph::QuietHours> rules{{{}, clock(21), clock(8), 0, {}, limit},
                                       {{}, clock(2), clock(2, 30), 0, {}, limit},
                                       {{}, clock(23, 30), clock(0, 30), 0, {}, limit},
                                       {{}, clock(12), clock(1, 30), 0, {}, limit},
                                       {{}, clock(3), clock(4), 0b100'0001, {}, limit}};
  return rules;
}

// As a person would say it, of a reading.
bool reads_as_quiet(const graph::QuietHours& rule, calendar::LocalTime local) {
  if ((rule.weekdays >> (calendar::weekday(local.day) - 1) & 1) != 0) return true;
  const std::int32_t minute = local.millis / 60'000;
  if (rule.from < rule.to) return minute >= rule.from.minutes && minute < rule.to.minutes;
  return minute >= rule.from.minutes || minute < rule.to.minutes;
}

std::int64_t offset_at(const calendar::Zone& zone, Instant t) {
  const calendar::LocalTime local = zone.to_local(t);
  return local.day * std::int64_t{86'400'000} + local.millis - t.millis;
}

void check(const graph::QuietHours& rule, const calendar::Zone& zone, Instant t) {
  const auto is_quiet = [&](Instant at) { return reads_as_quiet(rule, zone.to_local(at)); };
  const Instant end = end_of_quiet(rule, zone, t, t + rule.defer_up_to);
  ASSERT_FALSE(is_quiet(end)) << zone.name() << " " << base::to_iso8601(t);
  if (end == t) return;
  ASSERT_TRUE(is_quiet(t)) << zone.name() << " " << base::to_iso8601(t);
  ASSERT_TRUE(is_quiet(end + Millis{-1})) << zone.name() << " " << base::to_iso8601(t);
  // Where the clock goes back within quiet hours, what it repeats may read as not quiet;
  // nobody is woken for that. Nothing else may.
  const std::int64_t repeated =
      std::max<std::int64_t>(offset_at(zone, t) - offset_at(zone, end), 0);
  std::int64_t awake = 0;
  for (Instant between = t; between < end; between = between + kStep) {
    if (!is_quiet(between)) awake += kStep.count;
  }
  ASSERT_LE(awake, repeated) << zone.name() << " " << base::to_iso8601(t);
}

std::vector<std::string> zone_names() {
  const std::filesystem::path directory = "/usr/share/zoneinfo";
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(directory));
  }
  return names;
}

TEST(QuietZones, HoldInEveryZoneAcrossEveryChangeOfTheClock) {
  const auto zones = std::move(*tzdata::SystemZones::open());
  const Instant first = *base::parse_timestamp("2025-06-01T00:00Z");
  const Instant last = *base::parse_timestamp("2027-06-01T00:00Z");
  std::size_t looked_at = 0;
  std::size_t changes = 0;
  for (const std::string& name : zone_names()) {
    const calendar::Zone* zone = zones->find(name);
    if (zone == nullptr) continue;
    ++looked_at;
    for (Instant t = first; t < last; t = t + base::hours(1)) {
      const bool is_change =
          t != first && offset_at(*zone, t) != offset_at(*zone, t + base::hours(-1));
      // Between two changes a zone is like at the beginning.
      if (!is_change && t != first) continue;
      if (is_change) ++changes;
      for (Instant at = t + Millis{-kAround.count}; at < t + kAround; at = at + kStep) {
        for (const graph::QuietHours& rule : rules()) {
          check(rule, *zone, at);
          if (testing::Test::HasFatalFailure()) return;
        }
      }
    }
  }
  EXPECT_GT(looked_at, 300U);
  EXPECT_GT(changes, 400U);
}

}  // namespace
}  // namespace sojourn::engine
