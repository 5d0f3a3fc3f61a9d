#include "runtime/overdue_gate.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

using base::Instant;
using base::Millis;
using base::seconds;

constexpr Instant kNow{1'772'355'600'000};

TEST(OverdueGate, KnowsWhatIsOverdue) {
  const OverdueGate gate(100, seconds(60));
  EXPECT_FALSE(gate.is_overdue(kNow - seconds(60), kNow));
  EXPECT_TRUE(gate.is_overdue(kNow - seconds(60) - Millis{1}, kNow));
}

TEST(OverdueGate, LetsThroughASecondsWorthAndThenTheRate) {
  OverdueGate gate(100, seconds(60));
  EXPECT_EQ(gate.room(kNow), 100U);
  gate.took(100);
  EXPECT_EQ(gate.room(kNow), 0U);
  EXPECT_EQ(gate.next_opening(), kNow + Millis{50}) << "a slice: a twentieth of a second";
  EXPECT_EQ(gate.room(kNow + Millis{49}), 0U);
  EXPECT_EQ(gate.next_opening(), kNow + Millis{50});
  EXPECT_EQ(gate.room(kNow + Millis{50}), 5U);
  gate.took(5);
  EXPECT_EQ(gate.room(kNow + seconds(3600)), 100U) << "what was not used does not pile up";
}

TEST(OverdueGate, KeepsTheRateOverALongDrain) {
  OverdueGate gate(8'000, seconds(60));
  std::size_t taken = 0;
  Instant now = kNow;
  for (; now < kNow + seconds(100); now = std::max(now + Millis{7}, gate.next_opening())) {
    const std::size_t some = std::min<std::size_t>(gate.room(now), 500);
    gate.took(some);
    taken += some;
  }
  EXPECT_GE(taken, 100U * 8'000);
  EXPECT_LE(taken, 101U * 8'000);
  EXPECT_EQ(gate.taken_since_asked(), taken);
  EXPECT_EQ(gate.taken_since_asked(), 0U);
}

TEST(OverdueGate, OneASecondIsARateToo) {
  OverdueGate gate(1, seconds(60));
  EXPECT_EQ(gate.room(kNow), 1U);
  gate.took(1);
  EXPECT_EQ(gate.next_opening(), kNow + seconds(1));
  EXPECT_EQ(gate.room(kNow + Millis{999}), 0U);
  EXPECT_EQ(gate.room(kNow + seconds(1)), 1U);
}

}  // namespace
}  // namespace sojourn::runtime
