#include "runtime/call_window.h"

#include <gtest/gtest.h>

#include "runtime/lane_number.h"

namespace sojourn::runtime {
namespace {

constexpr base::Instant kNow{1'000'000};

graph::Webhook webhook(const std::string& name, const std::string& url) {
  graph::Webhook out;
  out.name = name;
  out.url = url;
  return out;
}

class CallWindowTest : public testing::Test {
 protected:
  const std::vector<graph::Webhook> webhooks_{
      webhook("one", "https://a.example/1"), webhook("two", "https://A.example:443/2"),
      webhook("far", "https://b.example/"), webhook("odd", "https://a.example:8443/")};
  CallWindow window_{webhooks_, 2};
};

TEST_F(CallWindowTest, WebhooksOfOneHostShareItsLimit) {
  window_.lane("one").claim(kNow);
  window_.lane("two").claim(kNow);
  EXPECT_FALSE(window_.lane("one").open(kNow));
  EXPECT_FALSE(window_.lane("two").open(kNow));
  EXPECT_TRUE(window_.lane("far").open(kNow));
  EXPECT_TRUE(window_.lane("odd").open(kNow));
  EXPECT_EQ(window_.in_flight(), 2u);
}

TEST_F(CallWindowTest, APauseIsOfTheHost) {
  window_.lane("two").pause(kNow + base::seconds(5));
  EXPECT_FALSE(window_.lane("one").open(kNow));
  EXPECT_TRUE(window_.lane("far").open(kNow));
  EXPECT_EQ(window_.lane("one").next_opening(kNow), kNow + base::seconds(5));
  EXPECT_TRUE(window_.lane("one").open(kNow + base::seconds(5)));
  window_.pause_all(base::kNever);
  EXPECT_FALSE(window_.lane("one").open(kNow + base::days24(9)));
  EXPECT_FALSE(window_.lane("far").open(kNow + base::days24(9)));
}

// What waits is found again by another program, which may have other hosts.
TEST_F(CallWindowTest, AHostKeepsItsNumberWhenOthersComeAndGo) {
  const std::vector<graph::Webhook> fewer{webhooks_[2], webhook("new", "https://a.example/3")};
  CallWindow other(fewer, 2);
  EXPECT_EQ(other.number_of("far"), window_.number_of("far"));
  EXPECT_EQ(other.number_of("new"), window_.number_of("one"));
  EXPECT_EQ(other.number_of("one"), kUnsortedLane) << "it is not declared there";
  EXPECT_EQ(window_.number_of("one"), window_.number_of("two"));
  EXPECT_NE(window_.number_of("one"), window_.number_of("odd"));
  EXPECT_EQ(window_.find(window_.number_of("odd")), &window_.lane("odd"));
  EXPECT_EQ(other.find(window_.number_of("odd")), nullptr);
  EXPECT_EQ(window_.find(kUnsortedLane), nullptr);
}

TEST_F(CallWindowTest, ReportsHostByHost) {
  window_.lane("far").claim(kNow);
  std::vector<LaneReport> reports;
  window_.report(kNow, reports);
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[0].name, "a.example:443");
  EXPECT_EQ(reports[1].name, "b.example:443");
  EXPECT_EQ(reports[1].in_flight, 1u);
  EXPECT_EQ(reports[2].name, "a.example:8443");
}

}  // namespace
}  // namespace sojourn::runtime
