#include "runtime/call_window.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(window_.room(kNow), 6u);
  window_.claim("one");
  window_.claim("two");
  EXPECT_FALSE(window_.open("one", kNow));
  EXPECT_FALSE(window_.open("two", kNow));
  EXPECT_TRUE(window_.open("far", kNow));
  EXPECT_TRUE(window_.open("odd", kNow));
  EXPECT_EQ(window_.in_flight(), 2u);
  EXPECT_EQ(window_.room(kNow), 4u);
  window_.end("two");
  EXPECT_TRUE(window_.open("one", kNow));
}

TEST_F(CallWindowTest, APauseIsOfTheHost) {
  window_.pause("two", kNow + base::seconds(5));
  window_.pause("two", kNow + base::seconds(1));
  EXPECT_FALSE(window_.open("one", kNow));
  EXPECT_TRUE(window_.open("far", kNow));
  EXPECT_EQ(window_.next_opening(kNow), kNow + base::seconds(5));
  EXPECT_EQ(window_.paused_until("one"), kNow + base::seconds(5));
  EXPECT_TRUE(window_.open("one", kNow + base::seconds(5)));
  EXPECT_EQ(window_.next_opening(kNow + base::seconds(5)), base::kNever);
  window_.pause_all(base::kNever);
  EXPECT_EQ(window_.room(kNow + base::days24(9)), 0u);
}

}  // namespace
}  // namespace sojourn::runtime
