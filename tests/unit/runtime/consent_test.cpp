// Consent that is said of somebody before they appear, and under another of their names: it is
// kept, across restarts, and holds for what they are sent.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using ::testing::Contains;
using ::testing::HasSubstr;

// The world stands at 09:00 UTC.
constexpr const char* kWorld = R"(
  user { nickname string = "friend" }
  event signup
  event login
  event hello { nickname string } for users where user.nickname == event.nickname up to 10
  list vips   = 21
  list asleep = 22
  message_type news  = 1 marketing opt_out
  message_type tips  = 2 marketing opt_in
  message_type bills = 3 transactional opt_out channel 9
  campaign m1   = 101 email news
  campaign m2   = 102 email tips
  campaign bill = 103 email bills
  policy { timezone "UTC" }
  journey greeting { enter on signup reenter always send m1 }
  journey advice { enter on login reenter always send m2 }
  journey friends { enter on hello reenter always wait 1d }
)";

constexpr const char* kByEmail = R"("email":"ada@example.com")";
constexpr const char* kByUserId = R"("userId":"u-1")";
constexpr const char* kByBoth = R"("email":"ada@example.com","userId":"u-1")";

class Consent : public testing::Test {
 protected:
  void track(const std::string& who, const std::string& event) {
    EXPECT_EQ(world.track("{" + who + R"(,"eventName":")" + event + R"("})"), "200 Success");
  }
  std::string update(const std::string& who, const std::string& fields) {
    return world.update("{" + who + R"(,"dataFields":{)" + fields + "}}");
  }
  void opt_out(const std::string& who, const std::string& ids = "[1]") {
    EXPECT_EQ(
        world.update_subscriptions("{" + who + R"(,"unsubscribedMessageTypeIds":)" + ids + "}"),
        "200 Success");
  }
  // What has left since it was asked last, by campaign.
  std::vector<int> sent() {
    std::vector<int> campaigns;
    while (!world.nothing_to_take()) {
      const Outgoing outgoing = world.take();
      campaigns.push_back(nlohmann::json::parse(outgoing.request.body)["campaignId"]);
      world.accept(outgoing);
    }
    return campaigns;
  }
  std::string id_of(const std::string& name) {
    return nlohmann::json::parse(world.report(name)).value("id", "");
  }

  ShardWorld world{kWorld};
};

TEST_F(Consent, AnOptOutOfSomebodyUnknownIsKeptAndHoldsWhenTheyAppear) {
  const std::vector<std::function<std::string(const std::string&)>> ways{
      [&](const std::string& who) {
        return world.update("{" + who + R"(,"dataFields":{"unsubscribedMessageTypeIds":[1]}})");
      },
      [&](const std::string& who) {
        return world.update_subscriptions("{" + who + R"(,"unsubscribedMessageTypeIds":[7,1]})");
      },
      [&](const std::string& who) {
        return world.engage("{" + who + R"(,"engagement":"unsubscribed","campaignId":101})");
      },
  };
  int number = 0;
  for (const auto& says_no : ways) {
    for (const std::string kind : {"email", "userId"}) {
      ++number;
      const std::string name = "p" + std::to_string(number) + "@example.com";
      const std::string who = "\"" + kind + "\":\"" + name + "\"";
      SCOPED_TRACE(who);
      EXPECT_EQ(says_no(who), "200 Success");
      world.restart();
      track(who, "signup");
      EXPECT_TRUE(sent().empty());
      EXPECT_EQ(world.counter("skipped/greeting/m1/no_consent"), number);
    }
  }
  track(R"("email":"bob@example.com")", "signup");
  EXPECT_EQ(sent(), std::vector{101}) << "nobody else has said no";
}

TEST_F(Consent, AnUnsubscriptionIsOfTheMessageTypeOfItsCampaign) {
  track(kByEmail, "signup");
  EXPECT_EQ(sent(), std::vector{101});
  EXPECT_EQ(update(kByEmail, R"("subscribedMessageTypeIds":[2])"), "200 Success");
  world.engage(R"({"email":"ada@example.com","engagement":"unsubscribed","campaignId":101})");
  EXPECT_THAT(world.log("ada@example.com"), Contains("profile unsubscribed from news"));
  track(kByEmail, "signup");
  track(kByEmail, "login");
  EXPECT_EQ(sent(), std::vector{102}) << "of another type nothing was said";
  EXPECT_EQ(update(kByEmail, R"("unsubscribedMessageTypeIds":[])"), "200 Success");
  track(kByEmail, "signup");
  EXPECT_EQ(sent(), std::vector{101}) << "until they say otherwise";
}

TEST_F(Consent, AComplaintIsANoToTheMessageTypeOfItsCampaign) {
  world.engage(R"({"email":"ada@example.com","engagement":"complained","campaignId":101})");
  world.restart();
  track(kByEmail, "signup");
  EXPECT_EQ(sent(), std::vector<int>{});
}

TEST_F(Consent, AnUnsubscriptionWithoutItsCampaignIsNoOptOut) {
  world.engage(R"({"email":"ada@example.com","engagement":"unsubscribed","messageKey":"k"})");
  track(kByEmail, "signup");
  EXPECT_EQ(sent(), std::vector{101});
}

TEST_F(Consent, AnEventThatJoinsTwoNamesBringsTheOptOutAlong) {
  opt_out(kByEmail);
  world.restart();
  track(kByUserId, "signup");
  EXPECT_EQ(sent(), std::vector{101}) << "nobody knows yet that this is Ada";
  world.restart();
  track(kByBoth, "signup");
  EXPECT_TRUE(sent().empty()) << "the event itself says so";
  world.restart();
  track(kByUserId, "signup");
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(world.counter("skipped/greeting/m1/no_consent"), 2);
  EXPECT_EQ(id_of("ada@example.com"), id_of("u-1"));
  EXPECT_EQ(world.counter("tombstones_applied"), 1);
  EXPECT_THAT(world.log("u-1"), Contains("profile the consent of ada@example.com"));
}

TEST_F(Consent, ATombstoneThatIsMergedIsAppliedOnce) {
  const auto merge = [&](const std::string& names) {
    return world.post(IntakeRequest::Endpoint::kUsersMerge, names);
  };
  opt_out(kByEmail);
  track(kByUserId, "signup");
  EXPECT_EQ(sent(), std::vector{101});
  EXPECT_EQ(merge(R"({"sourceEmail":"ada@example.com","destinationUserId":"u-1"})"), "200 Success");
  EXPECT_EQ(world.counter("tombstones_applied"), 1) << "as the source";
  opt_out(R"("email":"bob@example.com")");
  track(R"("userId":"u-2")", "login");
  EXPECT_EQ(merge(R"({"sourceUserId":"u-2","destinationEmail":"bob@example.com"})"), "200 Success");
  EXPECT_EQ(world.counter("tombstones_applied"), 2) << "as the destination";
}

TEST_F(Consent, AnOptOutByUserIdGoesToTheOneWithTheEmail) {
  track(kByEmail, "login");
  opt_out(kByUserId, "[1]");
  world.restart();
  track(kByBoth, "signup");
  EXPECT_TRUE(sent().empty());
  const auto report = nlohmann::json::parse(world.report("u-1"));
  EXPECT_EQ(report["email"], "ada@example.com");
}

TEST_F(Consent, AnUpdateThatJoinsTheNamesIsNoConflictWithAnOptOut) {
  opt_out(kByEmail);
  track(kByUserId, "signup");
  EXPECT_EQ(sent(), std::vector{101});
  world.restart();
  EXPECT_EQ(update(kByBoth, R"("nickname":"ada")"), "200 Success");
  track(kByUserId, "signup");
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(id_of("ada@example.com"), id_of("u-1"));
}

TEST_F(Consent, ANewEmailBringsItsOptOutAlong) {
  opt_out(kByEmail);
  EXPECT_EQ(update(R"("userId":"u-1","email":"old@example.com")", R"("nickname":"ada")"),
            "200 Success");
  world.restart();
  EXPECT_EQ(update(kByUserId, R"("email":"ada@example.com")"), "200 Success");
  track(kByUserId, "signup");
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(id_of("ada@example.com"), id_of("u-1"));
  EXPECT_THAT(world.report("old@example.com"), HasSubstr("nobody"));
}

TEST_F(Consent, AnOptInOfSomebodyUnknownIsKeptToo) {
  EXPECT_EQ(
      world.update_subscriptions(R"({"email":"ada@example.com","subscribedMessageTypeIds":[2]})"),
      "200 Success");
  track(kByUserId, "login");
  EXPECT_TRUE(sent().empty());
  world.restart();
  track(kByBoth, "login");
  EXPECT_EQ(sent(), std::vector{102});
}

TEST_F(Consent, OfTwoUsersWhoAreOneEachHasTheOptOutsOfTheOther) {
  track(kByUserId, "signup");
  track(kByEmail, "signup");
  EXPECT_EQ(sent(), (std::vector{101, 101}));
  opt_out(kByEmail);
  EXPECT_EQ(world.update_subscriptions(
                R"({"userId":"u-1","unsubscribedMessageTypeIds":[3],"unsubscribedChannelIds":[9],
                    "subscribedMessageTypeIds":[2]})"),
            "200 Success");
  track(kByBoth, "login");
  EXPECT_EQ(sent(), std::vector{102});
  EXPECT_NE(id_of("ada@example.com"), id_of("u-1")) << "both have a life of their own";
  for (const char* name : {"ada@example.com", "u-1"}) {
    SCOPED_TRACE(name);
    const auto profile = nlohmann::json::parse(world.report(name))["profile"];
    EXPECT_THAT(profile["unsubscribedMessageTypeIds"]["value"].get<std::vector<int>>(),
                testing::UnorderedElementsAre(1, 3));
    EXPECT_EQ(profile["unsubscribedChannelIds"]["value"], nlohmann::json::array({9}));
  }
  track(kByUserId, "signup");
  track(kByEmail, "login");
  EXPECT_TRUE(sent().empty()) << "what one has subscribed to, the other has not";
}

TEST_F(Consent, AnUpdateOfTwoUsersIsAConflictAndChangesNothing) {
  track(kByUserId, "signup");
  track(kByEmail, "signup");
  EXPECT_EQ(sent().size(), 2U);
  opt_out(kByEmail);
  EXPECT_EQ(update(kByBoth, R"("nickname":"ada")"), "409 EmailAlreadyExists");
  track(kByUserId, "signup");
  EXPECT_EQ(sent(), std::vector{101});
}

TEST_F(Consent, ANameThatIsTakenAlreadyStaysAndKeepsItsOptOut) {
  EXPECT_EQ(update(R"("userId":"u-1","email":"old@example.com")", R"("nickname":"ada")"),
            "200 Success");
  opt_out(kByEmail);
  track(kByBoth, "signup");
  EXPECT_TRUE(sent().empty()) << "they are known by this name, too";
  EXPECT_EQ(id_of("old@example.com"), id_of("u-1")) << "an event renames nobody";
  world.restart();
  track(kByEmail, "signup");
  EXPECT_TRUE(sent().empty());
}

TEST_F(Consent, WhoHasBecomeSomebodyElseIsNobodyAnyMore) {
  EXPECT_EQ(update(R"("userId":"sender")", R"("nickname":"sender")"), "200 Success");
  opt_out(kByEmail);
  track(kByUserId, "login");
  const std::string to_friends =
      R"({"userId":"sender","eventName":"hello","dataFields":{"nickname":"friend"}})";
  // In one turn: the one becomes the other, and the event is for those who are left.
  EXPECT_EQ(world.update_and_track(R"({"email":"ada@example.com","userId":"u-1"})", to_friends),
            "200 Success");
  EXPECT_EQ(world.counter("fan_out_users/hello"), 1);
  world.restart();
  EXPECT_EQ(world.track(to_friends), "200 Success");
  EXPECT_EQ(world.counter("fan_out_users/hello"), 2);
  EXPECT_EQ(world.counter("entered/friends"), 1);
}

// Watched like everybody, as long as they are one of their own.
TEST(ConsentWatches, AnOptOutThatHasBecomeSomebodyTakesPartInNothing) {
  ShardWorld world(R"(
    event login
    message_type news = 1 marketing opt_out
    campaign m1 = 101 email news
    segment silent = not subscribed to news
    policy { timezone "UTC" }
    journey monthly { enter every day at 12:00 for silent reenter always wait 1h }
  )");
  world.track(R"({"userId":"u-1","eventName":"login"})");
  EXPECT_EQ(
      world.update_subscriptions(R"({"email":"ada@example.com","unsubscribedMessageTypeIds":[1]})"),
      "200 Success");
  world.restart();
  world.track(R"({"userId":"u-1","email":"ada@example.com","eventName":"login"})");
  world.restart();
  world.pass(hours(4));
  EXPECT_EQ(world.counter("entered/monthly"), 1);
}

TEST_F(Consent, ListsAreReplacedToo) {
  world.subscribe(R"({"listId":22,"subscribers":[{"email":"ada@example.com"}]})");
  EXPECT_EQ(world.update_subscriptions(R"({"email":"ada@example.com","emailListIds":[21,99]})"),
            "200 Success");
  const auto lists = [&] {
    return nlohmann::json::parse(world.report("ada@example.com"))["lists"];
  };
  EXPECT_EQ(lists(), nlohmann::json::array({"vips"}));
  opt_out(kByEmail);
  EXPECT_EQ(lists(), nlohmann::json::array({"vips"})) << "nothing was said of lists";
}

constexpr const char* kBilling = R"(
  journey billing { enter on signup reenter always wait 1h send bill }
)";

TEST_F(Consent, AnOptOutOfAChannelHoldsForAllOfIt) {
  world.restart_with(std::string(kWorld) + kBilling);
  EXPECT_EQ(world.update_subscriptions(R"({"userId":"u-1","unsubscribedChannelIds":[9]})"),
            "200 Success")
      << "before they have appeared";
  world.restart();
  track(kByUserId, "signup");
  EXPECT_EQ(sent(), std::vector{101}) << "of another channel nothing was said";
  world.pass(hours(1));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(world.counter("skipped/billing/bill/no_consent"), 1);
  EXPECT_EQ(world.update_subscriptions(R"({"userId":"u-1","unsubscribedChannelIds":[]})"),
            "200 Success");
  track(kByUserId, "signup");
  world.pass(hours(1));
  EXPECT_EQ(sent(), (std::vector{101, 103}));
}

TEST_F(Consent, AnOptOutOfAChannelIsAskedAboutWhenTheMessageIsClaimed) {
  world.restart_with(std::string(kWorld) + kBilling);
  track(kByUserId, "signup");
  EXPECT_EQ(sent(), std::vector{101});
  world.pass(hours(1));
  // It was tried, and waits for another try.
  world.end(world.take(), connectors::OutcomeKind::kRetry);
  EXPECT_EQ(update(kByUserId, R"("unsubscribedChannelIds":[9])"), "200 Success");
  world.pass(hours(1));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(world.counter("skipped/billing/bill/no_consent"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
