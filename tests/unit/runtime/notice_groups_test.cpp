// What a notice opts somebody out of, and whose address it is about, where its campaign is none of
// ours and where it names the person by their userId alone.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

constexpr const char* kWorld = R"(
  event signup
  event login
  event asked
  message_type news    = 41 marketing opt_out channel 31
  message_type tips    = 42 marketing opt_in channel 31
  message_type account = 43 transactional opt_out
  campaign welcome = 101 email news
  campaign tip     = 102 email tips
  campaign receipt = 103 email account
  policy { timezone "UTC" }
  journey greet { enter on signup reenter always send welcome }
  journey advise { enter on asked reenter always send tip }
  journey bill { enter on login reenter always send receipt }
)";

class NoticeGroups : public testing::Test {
 protected:
  void track(const std::string& event, const std::string& who = "ada@example.com") {
    ASSERT_EQ(world.track(R"({"email":")" + who + R"(","eventName":")" + event + R"("})"),
              "200 Success");
  }
  void tell(const std::string& event, const std::string& data, int second = 0) {
    world.notice(fmt::format(
        R"({{"email":"ada@example.com","eventName":"{}","dataFields":{{"createdAt":"2026-03-01 08:00:{:02} +00:00",{}}}}})",
        event, second, data));
  }
  // The campaigns of what leaves.
  std::vector<int> sent() {
    std::vector<int> campaigns;
    while (!world.nothing_to_take()) {
      const Outgoing outgoing = world.take();
      campaigns.push_back(nlohmann::json::parse(outgoing.request.body)["campaignId"]);
      world.accept(outgoing);
    }
    return campaigns;
  }
  std::int64_t count(const std::string& name) { return world.counter(name); }

  ShardWorld world{kWorld};
};

TEST_F(NoticeGroups, ALinkInAMessageThatIsNotOursIsAnOptOutFromTheMessagesType) {
  track("login");
  EXPECT_EQ(sent(), std::vector{103});
  tell(
      "emailUnSubscribe",
      R"("channelIds":[],"messageTypeIds":[],"campaignId":424242,"messageTypeId":41,"channelId":31)");
  track("signup");
  EXPECT_EQ(count("skipped/greet/welcome/no_consent"), 1);
  tell("emailSubscribe", R"("messageTypeIds":[42])", 1);
  track("asked");
  EXPECT_EQ(sent(), std::vector{102}) << "another type of that channel";
}

TEST_F(NoticeGroups, SuchALinkWaitsForSomebodyUnknown) {
  tell(
      "emailUnSubscribe",
      R"("channelIds":[],"messageTypeIds":[],"campaignId":424242,"messageTypeId":41,"channelId":31)");
  EXPECT_EQ(count("notices/emailUnSubscribe/taken"), 1);
  EXPECT_EQ(count("tombstones_waiting"), 1);
  track("signup");
  EXPECT_EQ(count("skipped/greet/welcome/no_consent"), 1);
}

TEST_F(NoticeGroups, TheTypeThatTheNoticeNamesGoesBeforeTheDeclaredOne) {
  tell("emailUnSubscribe", R"("campaignId":101,"messageId":"m1","messageTypeId":43)");
  track("signup");
  track("login");
  EXPECT_EQ(sent(), std::vector{101});
  EXPECT_EQ(count("skipped/bill/receipt/no_consent"), 1);
}

TEST_F(NoticeGroups, WhereOnlyTheChannelIsKnownItIsAnOptOutFromThat) {
  tell("emailUnSubscribe", R"("campaignId":424242,"channelId":31)");
  track("signup");
  track("login");
  EXPECT_EQ(sent(), std::vector{103});
  EXPECT_EQ(count("skipped/greet/welcome/no_consent"), 1);
}

TEST_F(NoticeGroups, AComplaintIsAboutTheTypeThatItNames) {
  tell("emailComplaint", R"("campaignId":424242,"messageTypeId":43,"channelId":32)");
  track("login");
  EXPECT_EQ(count("skipped/bill/receipt/no_consent"), 1);
}

TEST_F(NoticeGroups, ABounceOfSomebodyByTheirUserIdIsOfTheAddressThatTheyHave) {
  world.update(R"({"email":"ada@example.com","dataFields":{"userId":"u-1"}})");
  world.notice(R"({"userId":"u-1","eventName":"emailBounce","dataFields":{"messageId":"m1",
      "recipientState":"HardBounce","createdAt":"2026-03-01 08:00:00 +00:00"}})");
  track("login");
  EXPECT_EQ(count("skipped/bill/receipt/suppressed"), 1);
  world.update(R"({"userId":"u-1","dataFields":{"email":"ada@new.example.com"}})");
  track("login", "ada@new.example.com");
  EXPECT_EQ(sent(), std::vector{103}) << "of another address nothing was said";
}

}  // namespace
}  // namespace sojourn::runtime
