#include "engine/clock_changes.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace sojourn::engine {
namespace {

using base::Instant;
using base::Millis;
using calendar::Zone;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kDay = 86'400'000;

// Everything that a condition over the clock can see of an instant.
std::vector<std::int64_t> seen(const Zone& zone, Instant t,
                               const std::vector<std::int32_t>& minutes) {
  const calendar::LocalTime local = zone.to_local(t);
  std::vector<std::int64_t> out{local.day};
  for (const std::int32_t minute : minutes) out.push_back(local.millis >= minute * kMinute ? 1 : 0);
  return out;
}

// At every minute, and just before it: what is seen changes at the instants given, and at no other.
void expect_all_changes(const Zone& zone, Instant from, const std::vector<std::int32_t>& minutes) {
  const ClockChanges changes = clock_changes(zone, from, minutes);
  EXPECT_TRUE(std::ranges::is_sorted(changes.instants));
  ASSERT_FALSE(changes.instants.empty());
  EXPECT_EQ(changes.instants.back(), changes.until);
  EXPECT_LE(changes.instants.size(), (minutes.size() + 1) * (kDaysLookedAhead + 3));
  auto before = seen(zone, from, minutes);
  const Instant first{(from.millis / kMinute + 1) * kMinute};
  for (Instant t = first; t <= changes.until; t = t + Millis{kMinute}) {
    const Instant just_before = std::max(from, t - Millis{1});
    EXPECT_EQ(seen(zone, just_before, minutes), before)
        << just_before.millis << ": within a minute";
    auto now = seen(zone, t, minutes);
    if (now != before) {
      EXPECT_TRUE(std::ranges::binary_search(changes.instants, t)) << "missed at " << t.millis;
    }
    before = std::move(now);
  }
}

TEST(ClockChanges, NoneIsMissed) {
  const std::vector<std::int32_t> minutes{0, 1, 150, 151, 540, 541, 1439, 1440};
  const Instant change{20'000 * kDay + 90 * kMinute};
  for (const std::int32_t before : {0, 3600, -34'200}) {
    // On by an hour, back by one (past midnight, too), by half of one, and over a whole day.
    for (const std::int32_t moved : {3600, -3600, 1800, -1800, 86'400, -5'460}) {
      for (const std::int64_t hours : {-200, -191, -30, -1, 0, 5}) {
        SCOPED_TRACE(testing::Message() << before << ' ' << moved << ' ' << hours);
        const Zone zone("Test/Moved", before, {{change, before + moved}});
        expect_all_changes(zone, change + Millis{hours * 60 * kMinute + 12'345}, minutes);
      }
    }
  }
}

TEST(ClockChanges, EveryWeekdayIsAhead) {
  const Zone utc("UTC", 0, {});
  const Instant from{20'000 * kDay + 9 * 60 * kMinute};
  const ClockChanges changes = clock_changes(utc, from, {});
  std::vector<Instant> expected;
  for (int day = 1; day <= 8; ++day) expected.push_back(Instant{(20'000 + day) * kDay});
  EXPECT_EQ(changes.instants, expected);
}

}  // namespace
}  // namespace sojourn::engine
