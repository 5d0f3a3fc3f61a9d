#include "runtime/outbox_window.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

constexpr base::Instant kNow{1'000'000};

TEST(OutboxWindow, EachEndpointHasItsOwnLane) {
  OutboxWindow window(2);
  window.lane(Endpoint::kEmail).claim(kNow);
  window.lane(Endpoint::kEmail).claim(kNow);
  EXPECT_FALSE(window.lane(Endpoint::kEmail).open(kNow));
  EXPECT_TRUE(window.lane(Endpoint::kSms).open(kNow));
  EXPECT_EQ(window.in_flight(), 2u);
}

TEST(OutboxWindow, OpensWhenTheFirstLaneDoes) {
  OutboxWindow window(2);
  window.pause_all(kNow + base::seconds(9));
  EXPECT_EQ(window.room(kNow), 0u);
  EXPECT_EQ(window.next_opening(kNow), kNow + base::seconds(9));
  EXPECT_EQ(window.next_opening(kNow + base::seconds(9)), base::kNever);
}

TEST(OutboxWindow, RoomIsWhatCanBeClaimedNow) {
  OutboxWindow window(10);
  EXPECT_EQ(window.room(kNow), 10 * kEndpointCount);
  window.lane(Endpoint::kEmail).claim(kNow);
  window.lane(Endpoint::kSms).pause(kNow + base::seconds(1));
  EXPECT_EQ(window.room(kNow), 10 * kEndpointCount - 11);
}

TEST(OutboxWindow, LeavesAShareOfEachBudgetToOthers) {
  EndpointBudgets budgets = EndpointBudgets::published();
  budgets.share = 0.5;
  OutboxWindow window(256, budgets);
  std::vector<LaneReport> reports;
  window.report(kNow, reports);
  ASSERT_EQ(reports.size(), kEndpointCount);
  for (const LaneReport& report : reports) {
    if (report.name == "users_update") {
      EXPECT_EQ(report.configured_per_second, 250);
    } else if (report.name == "events_track") {
      EXPECT_EQ(report.configured_per_second, 1000);
    } else if (report.name == "sent_messages") {
      EXPECT_EQ(report.configured_per_second, 1.5);
    } else if (report.name == "users_delete") {
      EXPECT_EQ(report.configured_per_second, 50);
    } else if (report.name == "users_forget") {
      EXPECT_EQ(report.configured_per_second, 1.5);
    } else {
      EXPECT_EQ(report.configured_per_second, Budget::kUnlimited) << report.name;
    }
  }
}

}  // namespace
}  // namespace sojourn::runtime
