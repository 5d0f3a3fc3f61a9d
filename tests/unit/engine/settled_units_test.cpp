#include "engine/settled_units.h"

#include <array>
#include <gtest/gtest.h>
#include <set>

#include "base/random.h"

namespace sojourn::engine {
namespace {

TEST(SettledUnits, EachIsAmongThemOnce) {
  SettledUnits units;
  EXPECT_FALSE(units.contains(7));
  EXPECT_TRUE(units.insert(7));
  EXPECT_FALSE(units.insert(7));
  EXPECT_TRUE(units.contains(7));
  EXPECT_FALSE(units.contains(8));
  EXPECT_EQ(units.size(), 1U);
}

TEST(SettledUnits, AnyHashMayBeAUnit) {
  for (const std::uint64_t unit : {std::uint64_t{0}, UINT64_MAX}) {
    SettledUnits units;
    EXPECT_FALSE(units.contains(unit));
    EXPECT_TRUE(units.insert(unit));
    EXPECT_TRUE(units.contains(unit));
    EXPECT_FALSE(units.insert(unit));
  }
}

// Few bits make many of them meet in one place, and some come again.
TEST(SettledUnits, AreWhatASetOfThemWouldHold) {
  constexpr std::uint64_t kSeed = 20'260'301;
  for (const std::uint64_t mask : {UINT64_MAX, std::uint64_t{0xfff0'0000'0000'00ff}}) {
    base::SeededRandom random(kSeed);
    SettledUnits units;
    std::set<std::uint64_t> model;
    for (int i = 0; i < 20'000; ++i) {
      const std::uint64_t unit = (random.next() & mask) | 2;
      ASSERT_EQ(units.insert(unit), model.insert(unit).second) << "seed " << kSeed;
    }
    EXPECT_EQ(units.size(), model.size());
    for (const std::uint64_t unit : model) ASSERT_TRUE(units.contains(unit));
  }
}

}  // namespace
}  // namespace sojourn::engine
