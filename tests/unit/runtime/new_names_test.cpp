// A new email, two users that turn out to be one, and purchases, as the shard takes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;
using Endpoint = IntakeRequest::Endpoint;
using Json = nlohmann::json;

constexpr const char* kWorld = R"(
  user { plan string }
  event signup
  event purchase { total number }
  message_type news = 1 marketing opt_out
  campaign m1 = 101 email news
  policy { timezone "UTC" }
  journey greeting { enter on signup reenter always wait 1d send m1 }
  journey bought { enter on purchase reenter always wait 1d }
)";

class NewNames : public testing::Test {
 protected:
  std::string rename(const std::string& from, const std::string& to) {
    return world.post(Endpoint::kUsersUpdateEmail,
                      R"({"currentEmail":")" + from + R"(","newEmail":")" + to + R"("})");
  }
  std::string merge(const std::string& source, const std::string& destination) {
    return world.post(
        Endpoint::kUsersMerge,
        R"({"sourceEmail":")" + source + R"(","destinationEmail":")" + destination + R"("})");
  }
  void opt_out(const std::string& email) {
    EXPECT_EQ(world.update_subscriptions(R"({"email":")" + email +
                                         R"(","unsubscribedMessageTypeIds":[1]})"),
              "200 Success");
  }
  void track(const std::string& email) {
    EXPECT_EQ(world.track(R"({"email":")" + email + R"(","eventName":"signup"})"), "200 Success");
  }
  Json person(const std::string& who) { return Json::parse(world.report(who)); }
  bool is_known(const std::string& who) { return person(who).contains("id"); }

  ShardWorld world{kWorld};
};

TEST_F(NewNames, AnEmailIsReplacedAndTheJourneyGoesOnUnderIt) {
  track("old@example.com");
  const Json before = person("old@example.com");
  EXPECT_EQ(rename("old@example.com", "new@example.com"), "200 Success");
  EXPECT_EQ(person("new@example.com").at("id"), before.at("id"));
  EXPECT_FALSE(is_known("old@example.com"));
  world.pass(base::hours(24));
  EXPECT_EQ(Json::parse(world.take().request.body).at("recipientEmail"), "new@example.com");
}

TEST_F(NewNames, NobodyCannotBeRenamedAndATakenEmailCannotBeGiven) {
  EXPECT_EQ(rename("old@example.com", "new@example.com"), "400 BadParams");
  EXPECT_FALSE(is_known("new@example.com"));
  track("old@example.com");
  track("new@example.com");
  EXPECT_EQ(rename("old@example.com", "new@example.com"), "400 EmailAlreadyExists");
}

TEST_F(NewNames, ANewEmailBringsWhatWasSaidOfConsentUnderIt) {
  track("old@example.com");
  opt_out("new@example.com");
  EXPECT_EQ(rename("old@example.com", "new@example.com"), "200 Success");
  world.pass(base::hours(24));
  EXPECT_TRUE(world.nothing_to_take());
}

TEST_F(NewNames, ASourceBecomesADestinationThatNobodyHasHeardOf) {
  track("source@example.com");
  const Json before = person("source@example.com");
  EXPECT_EQ(merge("source@example.com", "ada@example.com"), "200 Success");
  EXPECT_EQ(person("ada@example.com").at("id"), before.at("id"));
  EXPECT_FALSE(is_known("source@example.com"));
  EXPECT_EQ(merge("source@example.com", "ada@example.com"), "400 BadParams");
}

TEST_F(NewNames, WhoOnlySaidWhatTheyConsentToIsMergedEitherWay) {
  track("ada@example.com");
  opt_out("source@example.com");
  EXPECT_EQ(merge("source@example.com", "ada@example.com"), "200 Success");
  EXPECT_FALSE(is_known("source@example.com"));
  EXPECT_EQ(person("ada@example.com").at("email"), "ada@example.com");

  track("bob@example.com");
  opt_out("robert@example.com");
  EXPECT_EQ(merge("bob@example.com", "robert@example.com"), "200 Success");
  EXPECT_FALSE(is_known("bob@example.com"));
  EXPECT_EQ(person("robert@example.com").at("enrollments").size(), 1U);

  world.pass(base::hours(24));
  EXPECT_TRUE(world.nothing_to_take()) << "both have opted out";
  world.restart();
  EXPECT_FALSE(is_known("source@example.com"));
}

TEST_F(NewNames, APurchaseUpdatesAndEntersAndIsTakenOnce) {
  const std::string body = R"({"user":{"email":"ada@example.com","dataFields":{"plan":"pro"}},
      "items":[],"total":12,"id":"o-1"})";
  EXPECT_EQ(world.post(Endpoint::kTrackPurchase, body), "200 Success");
  EXPECT_EQ(world.post(Endpoint::kTrackPurchase, body), "200 Success");
  EXPECT_EQ(person("ada@example.com").at("profile").at("plan").at("value"), "pro");
  EXPECT_EQ(world.counter("events/purchase"), 1);
  EXPECT_EQ(world.counter("repeated_events"), 1);
  EXPECT_EQ(world.counter("profile_updates"), 1);
}

TEST_F(NewNames, APurchaseWhoseUpdateFailsIsNotTaken) {
  track("ada@example.com");
  EXPECT_EQ(world.update(R"({"userId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.post(Endpoint::kTrackPurchase,
                       R"({"user":{"email":"ada@example.com","userId":"u-1"},"items":[],
                           "total":12,"id":"o-1"})"),
            "409 EmailAlreadyExists");
  EXPECT_EQ(world.counter("events/purchase"), 0);
  EXPECT_EQ(world.post(Endpoint::kTrackPurchase,
                       R"({"user":{"email":"ada@example.com"},"items":[],"total":12,"id":"o-1"})"),
            "200 Success");
  EXPECT_EQ(world.counter("events/purchase"), 1) << "it was not the repeat of one that was taken";
}

}  // namespace
}  // namespace sojourn::runtime
