#include "runtime/outbox_window.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

constexpr base::Instant kNow{1'000'000};

TEST(OutboxWindow, ClosesWhenFullAndOpensAgainWithAnOutcome) {
  OutboxWindow window(2);
  window.claim(Endpoint::kEmail);
  EXPECT_TRUE(window.open(Endpoint::kEmail, kNow));
  window.claim(Endpoint::kEmail);
  EXPECT_FALSE(window.open(Endpoint::kEmail, kNow));
  EXPECT_TRUE(window.open(Endpoint::kSms, kNow)) << "each endpoint has its own window";
  window.end(Endpoint::kEmail);
  EXPECT_TRUE(window.open(Endpoint::kEmail, kNow));
}

TEST(OutboxWindow, APauseEndsByItself) {
  OutboxWindow window(2);
  window.pause(Endpoint::kPush, kNow + base::seconds(5));
  EXPECT_FALSE(window.open(Endpoint::kPush, kNow));
  EXPECT_EQ(window.next_opening(kNow), kNow + base::seconds(5));
  EXPECT_TRUE(window.open(Endpoint::kPush, kNow + base::seconds(5)));
  window.pause(Endpoint::kPush, kNow + base::seconds(1));
  EXPECT_FALSE(window.open(Endpoint::kPush, kNow + base::seconds(4))) << "a pause is not shortened";
}

TEST(OutboxWindow, RoomIsWhatCanBeClaimedNow) {
  OutboxWindow window(10);
  EXPECT_EQ(window.room(kNow), 10 * kEndpointCount);
  window.claim(Endpoint::kEmail);
  window.pause(Endpoint::kSms, kNow + base::seconds(1));
  EXPECT_EQ(window.room(kNow), 10 * kEndpointCount - 11);
}

}  // namespace
}  // namespace sojourn::runtime
