// The list of messages that were sent to somebody.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

class SentMessages : public ServiceTest {
 protected:
  void send(int campaign, const std::string& email = "ada@example.com") {
    const json body = {{"campaignId", campaign}, {"recipientEmail", email}};
    ASSERT_TRUE(post("/api/email/target", body.dump()).starts_with("200 "));
  }

  std::string list(const std::string& query) {
    const Reply reply =
        service->handle({"GET", "/api/users/getSentMessages", query, "secret", {}}, now);
    return std::to_string(reply.status) + " " + reply.body;
  }

  std::vector<int> campaigns(const std::string& query) {
    const std::string answer = list(query);
    EXPECT_TRUE(answer.starts_with("200 ")) << answer;
    std::vector<int> ids;
    for (const json& message : json::parse(answer.substr(4)).at("messages")) {
      ids.push_back(message.at("campaignId"));
    }
    return ids;
  }

  using Ids = std::vector<int>;
};

TEST_F(SentMessages, AreThoseOfOneUser) {
  send(101);
  send(102, "bob@example.com");
  send(103, "ADA@example.com");
  EXPECT_EQ(campaigns("email=ada@example.com"), (Ids{101, 103}));
  EXPECT_EQ(campaigns("email=eve@example.com"), Ids{});
  EXPECT_EQ(list("email=bob%40example.com"),
            R"(200 {"messages":[{"campaignId":102,"createdAt":"2026-03-01 09:00:00 +00:00",)"
            R"("messageId":"00000000000000000000000000000002","templateId":102}]})");
}

TEST_F(SentMessages, AreChosenByCampaignTimeAndLimit) {
  for (const int campaign : {101, 102, 103}) {
    send(campaign);
    now = now + base::minutes(1);
  }
  EXPECT_EQ(campaigns("email=ada@example.com&campaignIds=103&campaignIds=101"), (Ids{101, 103}));
  EXPECT_EQ(campaigns("email=ada@example.com&startDateTime=2026-03-01%2009%3A01%3A00"),
            (Ids{102, 103}));
  EXPECT_EQ(campaigns("email=ada@example.com"
                      "&startDateTime=2026-03-01%2010%3A01%3A00%20%2B01%3A00"
                      "&endDateTime=2026-03-01%2009%3A01%3A59"),
            Ids{102});
  EXPECT_EQ(campaigns("email=ada@example.com&limit=2"), (Ids{101, 102}));
}

TEST_F(SentMessages, AreSeenAfterTheLag) {
  ServiceOptions options;
  options.sent_messages_lag = base::seconds(60);
  configure(options);
  send(101);
  now = now + base::seconds(59);
  EXPECT_EQ(campaigns("email=ada@example.com"), Ids{});
  now = now + base::seconds(1);
  EXPECT_EQ(campaigns("email=ada@example.com"), Ids{101});
}

TEST_F(SentMessages, AQueryThatMakesNoSenseIsRefused) {
  for (const char* query :
       {"", "campaignIds=101", "email=ada", "email=ada@example.com&limit=0",
        "email=ada@example.com&limit=1001", "email=ada@example.com&campaignIds=x",
        "email=ada@example.com&startDateTime=yesterday", "email=%zz"}) {
    EXPECT_TRUE(list(query).starts_with("400 ")) << query << ": " << list(query);
  }
}

}  // namespace
}  // namespace sojourn::sandbox
