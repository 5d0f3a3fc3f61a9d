#include "runtime/outbox_window.h"

#include <gtest/gtest.h>

#include "runtime/lane_number.h"

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

TEST(OutboxWindow, APauseOfAllIsOfEachLane) {
  OutboxWindow window(2);
  window.pause_all(kNow + base::seconds(9));
  EXPECT_FALSE(window.lane(Endpoint::kEmail).open(kNow));
  EXPECT_EQ(window.lane(Endpoint::kSentMessages).next_opening(kNow), kNow + base::seconds(9));
  window.end_pauses();
  EXPECT_TRUE(window.lane(Endpoint::kEmail).open(kNow));
}

TEST(OutboxWindow, FindsALaneByTheNumberThatIsStored) {
  OutboxWindow window(2);
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    const auto endpoint = static_cast<Endpoint>(i);
    EXPECT_EQ(window.find(lane_number(endpoint)), &window.lane(endpoint));
  }
  EXPECT_EQ(window.find(kUnsortedLane), nullptr);
  EXPECT_EQ(window.find(lane_number(static_cast<Endpoint>(kEndpointCount))), nullptr);
  EXPECT_EQ(window.find(lane_number_of_host("a.example:443")), nullptr);
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
