// Engagement with messages, through the real store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kWorld = R"(
  event signup
  event login
  message_type news = 7 marketing opt_out
  message_type account = 8 transactional opt_out
  campaign welcome = 101 email news
  campaign tour = 102 email news
  campaign receipt = 103 email account
  policy { timezone "UTC" }
)";

const std::string kSignup = R"({"email":"ada@example.com","eventName":"signup"})";

// The key that the message carries, as the provider gives it back.
std::string key_of(const Outgoing& outgoing) {
  const auto body = nlohmann::json::parse(outgoing.request.body);
  return body["dataFields"]["sojournMessageKey"];
}

std::string engagement(const std::string& what, const std::string& key, int campaign,
                       const std::string& more = "") {
  return fmt::format(
      R"({{"email":"ada@example.com","engagement":"{}","messageKey":"{}","campaignId":{}{}}})",
      what, key, campaign, more);
}

class EngagementTest : public testing::Test {
 protected:
  void begin(const std::string& journeys) { world_.emplace(kWorld + journeys); }
  std::int64_t count(const std::string& name) { return world_->counter(name); }
  // The next message is accepted; its key.
  std::string deliver() {
    const Outgoing message = world_->take();
    world_->accept(message);
    return key_of(message);
  }

  std::optional<ShardWorld> world_;
};

constexpr const char* kWaits = R"(
  journey j {
    enter on signup
    send welcome
    wait for opened welcome up to 2d { exit as opened } timeout { exit as ignored }
  }
)";

TEST_F(EngagementTest, AWaitEndsWhenTheMessageIsOpened) {
  begin(kWaits);
  world_->track(kSignup);
  const std::string key = deliver();
  EXPECT_EQ(world_->engage(engagement("opened", "0123", 101)), "200 Success");
  EXPECT_EQ(world_->engage(engagement("clicked", key, 101)), "200 Success");
  EXPECT_EQ(count("exited/j/opened"), 0) << "another message, and no opening";
  world_->restart();
  EXPECT_EQ(world_->engage(engagement("opened", key, 101)), "200 Success");
  EXPECT_EQ(count("exited/j/opened"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("event opened welcome"));
}

TEST_F(EngagementTest, WithoutAKeyItIsTheLastMessageOfItsCampaign) {
  begin(kWaits);
  world_->track(kSignup);
  deliver();
  EXPECT_EQ(world_->engage(engagement("opened", "", 102)), "200 Success");
  EXPECT_EQ(count("exited/j/opened"), 0);
  EXPECT_EQ(world_->engage(engagement("opened", "", 101)), "200 Success");
  EXPECT_EQ(count("exited/j/opened"), 1);
}

TEST_F(EngagementTest, WhatIsOpenedTooLateDoesNotEndTheWait) {
  begin(kWaits);
  world_->track(kSignup);
  const std::string key = deliver();
  world_->pass(base::days24(2));
  world_->engage(engagement("opened", key, 101));
  EXPECT_EQ(count("exited/j/ignored"), 1);
}

TEST_F(EngagementTest, ARepeatedIdChangesNothing) {
  begin(R"(journey j {
    enter on signup
    exit when count(opened any within 30d) >= 2 as keen
    send welcome
    wait 30d
  })");
  world_->track(kSignup);
  const std::string key = deliver();
  const std::string body = engagement("opened", key, 101, R"(,"id":"e1")");
  world_->engage(body);
  world_->restart();
  world_->engage(body);
  EXPECT_EQ(count("exited/j/keen"), 0);
  EXPECT_EQ(count("repeated_events"), 1);
  world_->engage(engagement("opened", key, 101, R"(,"id":"e2")"));
  EXPECT_EQ(count("exited/j/keen"), 1);
}

// An exit is about every message of its enrollment, a question with a window about
// every message to the user.
TEST_F(EngagementTest, WhatIsMeantFollowsFromWhereItStands) {
  begin(R"(
    journey first {
      enter on signup
      exit on bounced any
      send welcome
      send tour
      wait 30d
    }
    journey second {
      enter on login
      if opened welcome within 7d { wait 1d } else { exit as stranger }
      if opened receipt ever { exit as odd }
      exit as reader
    }
  )");
  world_->track(kSignup);
  const std::string welcome = deliver();
  const std::string tour = deliver();
  world_->track(R"({"email":"ada@example.com","eventName":"login"})");
  EXPECT_EQ(count("exited/second/stranger"), 1);
  world_->engage(engagement("opened", welcome, 101));
  world_->engage(engagement("bounced", "of somebody else", 101));
  EXPECT_EQ(count("exited/first/bounced"), 0);
  world_->engage(engagement("bounced", welcome, 101));
  EXPECT_EQ(count("exited/first/bounced"), 1) << "not the last message, but one of it";
}

TEST_F(EngagementTest, NothingIsKeptThatNobodyReads) {
  begin(R"(journey j { enter on signup  send welcome  wait 30d })");
  world_->track(kSignup);
  const std::string key = deliver();
  EXPECT_EQ(world_->engage(engagement("opened", key, 101)), "200 Success");
  EXPECT_THAT(world_->history("ada@example.com"), IsEmpty());
  EXPECT_EQ(count("engagements/opened"), 1);
}

TEST_F(EngagementTest, MessagesOfAnEnrollmentAreForgottenWithIt) {
  begin(kWaits);
  world_->track(kSignup);
  const std::string key = deliver();
  EXPECT_THAT(world_->history("ada@example.com"),
              ElementsAre(HasSubstr("#sent campaign=\"welcome\"")));
  world_->engage(engagement("opened", key, 101));
  EXPECT_THAT(world_->history("ada@example.com"), ElementsAre(HasSubstr("#opened")))
      << "a late entry may look back at it for a day";
  world_->pass(base::hours(25));
  world_->track(kSignup);
  EXPECT_THAT(world_->history("ada@example.com"), IsEmpty());
}

TEST_F(EngagementTest, AMessageThatDidNotLeaveWasNotSent) {
  begin(R"(journey j {
    enter on signup
    send welcome
    if sent welcome { exit as sent } else { exit as not_sent }
  })");
  world_->track(kSignup);
  world_->end(world_->take(), connectors::OutcomeKind::kRejected);
  EXPECT_EQ(count("exited/j/not_sent"), 1);
  world_->track(R"({"email":"bob@example.com","eventName":"signup"})");
  deliver();
  EXPECT_EQ(count("exited/j/sent"), 1);
}

TEST_F(EngagementTest, ASenderCannotWriteOne) {
  begin(kWaits);
  world_->track(kSignup);
  const std::string key = deliver();
  world_->track(fmt::format(
      R"({{"email":"ada@example.com","eventName":"#opened","dataFields":{{"message":"{}"}}}})",
      key));
  EXPECT_EQ(count("exited/j/opened"), 0);
  EXPECT_EQ(count("undeclared_events"), 1);
}

TEST_F(EngagementTest, ABodyThatSaysNothingIsRefused) {
  begin(kWaits);
  EXPECT_EQ(world_->engage(engagement("read", "", 101)), "400 BadJsonBody");
  EXPECT_EQ(world_->engage(R"({"engagement":"opened"})"), "400 BadParams");
  EXPECT_EQ(world_->engage(R"({"email":"ada@example.com","engagement":"opened","url":3})"),
            "400 BadJsonBody");
}

}  // namespace
}  // namespace sojourn::runtime
