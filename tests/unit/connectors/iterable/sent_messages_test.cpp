#include "connectors/iterable/sent_messages.h"

#include <gtest/gtest.h>

namespace sojourn::connectors::iterable {
namespace {

using Kind = LookUp::Kind;

// 2026-03-01T09:00:30Z
constexpr base::Instant kFrom{1'772'355'630'000};

LookUp read(int status, const std::string& body = "") {
  return read_sent_messages(101, Response{status, "", body});
}

TEST(SentMessages, AsksForOneUserAndCampaignFromAMinuteBefore) {
  const HttpRequest by_email = sent_messages({{"ada+x@example.com", "u-1"}, 101, kFrom});
  EXPECT_EQ(by_email.method, "GET");
  EXPECT_EQ(by_email.path,
            "/api/users/getSentMessages?email=ada%2Bx@example.com&campaignIds=101"
            "&startDateTime=2026-03-01%2008%3A59%3A30%20%2B00%3A00&limit=1000");
  EXPECT_TRUE(by_email.body.empty());
  EXPECT_TRUE(sent_messages({{"", "u 1"}, 101, kFrom})
                  .path.starts_with("/api/users/getSentMessages?userId=u%201&campaignIds=101"));
}

TEST(SentMessages, CountsThoseOfTheCampaign) {
  const LookUp found = read(200, R"({"messages":[
      {"messageId":"a","campaignId":101,"templateId":1,"createdAt":"2026-03-01 09:00:31 +00:00"},
      {"messageId":"b","campaignId":102,"templateId":1,"createdAt":"2026-03-01 09:00:31 +00:00"},
      {"messageId":"c","campaignId":101,"templateId":1,"createdAt":"2026-03-01 09:00:32 +00:00"}]})");
  EXPECT_EQ(found.kind, Kind::kListed);
  EXPECT_EQ(found.listed, 2u);
  EXPECT_EQ(read(200, R"({"messages":[]})").kind, Kind::kListed);
  EXPECT_EQ(read(200, R"({"messages":[]})").listed, 0u);
}

TEST(SentMessages, WhatIsNoListSaysNothing) {
  EXPECT_EQ(read(200, "{}").kind, Kind::kFailed);
  EXPECT_EQ(read(200, "<html>").kind, Kind::kFailed);
  EXPECT_EQ(read(200, "").kind, Kind::kFailed);
  EXPECT_EQ(read(200, R"({"messages":[{"messageId":"a"}]})").kind, Kind::kFailed);
}

TEST(SentMessages, ARefusalForGoodMakesItImpossible) {
  for (const int status : {301, 400, 401, 403, 404}) {
    EXPECT_EQ(read(status).kind, Kind::kImpossible) << status;
  }
  EXPECT_EQ(read(404, "Not found").message, "status 404: Not found");
}

TEST(SentMessages, AFailureMayPass) {
  for (const int status : {408, 429, 500, 502, 503}) {
    EXPECT_EQ(read(status).kind, Kind::kFailed) << status;
  }
  EXPECT_EQ(read_sent_messages(101, Response{429, "30", ""}).retry_after, base::seconds(30));
  const LookUp failed = read_sent_messages(101, TransportFailure{true, "timeout: no answer"});
  EXPECT_EQ(failed.kind, Kind::kFailed);
  EXPECT_EQ(failed.message, "timeout: no answer");
}

TEST(SentMessages, WebPushAndWhatsAppAreNotInTheList) {
  for (const graph::Medium medium : graph::kMedia) {
    const bool listed = medium != graph::Medium::kWebPush && medium != graph::Medium::kWhatsApp;
    EXPECT_EQ(can_look_up(medium), listed) << to_string(medium);
  }
}

}  // namespace
}  // namespace sojourn::connectors::iterable
