#include "runtime/release_gate.h"

#include <gtest/gtest.h>
#include <map>

namespace sojourn::runtime {
namespace {

using base::Instant;
using base::Millis;

constexpr Instant kEight{1'772'352'000'000};  // 2026-03-01T08:00Z

store::UserId user(std::uint64_t number) {
  return {0, number};
}

TEST(ReleaseGate, WhatRulesPutOffIsDueAtFullMinutes) {
  EXPECT_TRUE(ReleaseGate::comes_with_many(kEight));
  EXPECT_FALSE(ReleaseGate::comes_with_many(kEight + Millis{1}));
}

TEST(ReleaseGate, AFewLeaveAtTheirMomentAndTheRestSoManyASecond) {
  ReleaseGate gate(100);
  std::map<std::int64_t, int> seconds;
  for (std::uint64_t i = 1; i <= 1'000; ++i) {
    const Instant place = gate.place(user(i), kEight);
    ASSERT_GE(place, kEight);
    ++seconds[(place - kEight).count / 1'000];
    EXPECT_EQ(place == kEight, i <= 100) << i;
  }
  EXPECT_GE(seconds.rbegin()->first, 8) << "a thousand take nine seconds more than the first";
  EXPECT_LE(seconds.rbegin()->first, 9);
  for (const auto& [second, people] : seconds) EXPECT_LE(people, 220) << second;
}

TEST(ReleaseGate, TheMessagesOfAUserStayTogether) {
  ReleaseGate gate(1);
  EXPECT_EQ(gate.place(user(1), kEight), kEight);
  const Instant place = gate.place(user(2), kEight);
  EXPECT_GT(place, kEight);
  EXPECT_EQ(gate.place(user(2), kEight), place);
}

TEST(ReleaseGate, AnotherMomentFindsRoomAgain) {
  ReleaseGate gate(10);
  for (std::uint64_t i = 1; i <= 100; ++i) gate.place(user(i), kEight);
  const Instant nine = kEight + base::hours(1);
  EXPECT_EQ(gate.place(user(1), nine), nine);
}

}  // namespace
}  // namespace sojourn::runtime
