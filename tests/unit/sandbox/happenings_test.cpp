// What people do with messages, and how the world is told of it.
#include "sandbox/happenings.h"

#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "sandbox/sent_message.h"
#include "sandbox/webhook_payload.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;
using Kind = Happening::Kind;

SentMessage message_of(std::uint64_t sequence, std::string medium = "email") {
  SentMessage message;
  message.sequence = sequence;
  message.time = base::Instant{1'772'355'600'000};
  message.medium = std::move(medium);
  message.campaign.id = 5001;
  message.campaign.name = "Welcome 1";
  message.campaign.template_id = 9001;
  message.campaign.template_name = "Welcome tpl";
  message.campaign.channel = 31;
  message.campaign.message_type = 41;
  message.email = "ada@example.com";
  message.data_fields = {{"sojournMessageKey", "k1"}};
  message.metadata = {{"sojournMessageKey", "k1"}};
  return message;
}

std::map<Kind, int> counted(const PeopleModel& model, const std::string& medium = "email") {
  std::map<Kind, int> out;
  for (std::uint64_t i = 1; i <= 10'000; ++i) {
    for (const Happening& one : happenings_of(model, 7, message_of(i, medium))) ++out[one.kind];
  }
  return out;
}

std::string fault(std::string_view text) {
  const auto model = parse_people_model(text);
  return model ? "" : model.error().message;
}

TEST(Happenings, ComeInTheSharesOfTheModel) {
  auto counts = counted(*parse_people_model("open 40%, click 10%, bounce 2%"));
  EXPECT_EQ(counts[Kind::kSend], 10'000);
  EXPECT_NEAR(counts[Kind::kOpen], 4'000, 250);
  EXPECT_NEAR(counts[Kind::kClick], 1'000, 150);
  EXPECT_NEAR(counts[Kind::kBounce], 200, 60);
  EXPECT_EQ(counts[Kind::kBounce], counts[Kind::kBounceUnsubscribe]);
}

TEST(Happenings, BotsOpenWithoutChangingWhatPeopleDo) {
  const auto people = counted(*parse_people_model("open 40%, click 10%"));
  auto with_bots = counted(*parse_people_model("open 40%, click 10%, bot 20%"));
  EXPECT_NEAR(with_bots[Kind::kBotOpen], 2'000, 200);
  with_bots.erase(Kind::kBotOpen);
  EXPECT_EQ(with_bots, people);
  EXPECT_EQ(counted(*parse_people_model("bot 20%"), "sms")[Kind::kBotOpen], 0);
  const json body =
      json::parse(webhook_payload(message_of(1), Kind::kBotOpen, base::Instant{}, {}));
  EXPECT_EQ(body.at("eventName"), "emailOpen");
  EXPECT_EQ(body.at("dataFields").at("isBot"), true);
}

TEST(Happenings, DependOnTheSeedAndTheMessageOnly) {
  const auto times = [](std::uint64_t seed) {
    std::vector<std::int64_t> out;
    const PeopleModel model{.open = 1'000'000, .click = 500'000};
    for (std::uint64_t i = 1; i < 50; ++i) {
      for (const Happening& one : happenings_of(model, seed, message_of(i))) {
        out.push_back(one.after.count);
      }
    }
    return out;
  };
  EXPECT_EQ(times(1), times(1));
  EXPECT_NE(times(1), times(2));
}

TEST(Happenings, AreInOrderOfTime) {
  const PeopleModel model{.bounce = 0, .open = 1'000'000, .click = 1'000'000};
  const auto all = happenings_of(model, 1, message_of(1));
  ASSERT_GE(all.size(), 3u);
  EXPECT_EQ(all[0].kind, Kind::kSend);
  EXPECT_EQ(all[1].kind, Kind::kOpen);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i].after, all[i - 1].after);
}

TEST(Happenings, AreThoseThatAMediumHas) {
  auto counts = counted({.open = 1'000'000, .click = 1'000'000}, "push");
  EXPECT_GT(counts[Kind::kOpen], 0);
  EXPECT_EQ(counts[Kind::kClick], 0);
  EXPECT_EQ(event_name("in_app", Kind::kBounce), "");
  EXPECT_EQ(event_name("whatsapp", Kind::kOpen), "whatsAppSeen");
}

TEST(Happenings, OfASkippedMessageAreTheSkip) {
  SentMessage message = message_of(1);
  message.skip_reason = "DuplicateMarketingMessage";
  const auto all = happenings_of({}, 1, message);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, Kind::kSkip);
}

TEST(PeopleModels, AreReadFromText) {
  EXPECT_EQ(parse_people_model("open 12.5%, click 0.01%")->open, 125'000u);
  EXPECT_EQ(parse_people_model("click 0.01%")->click, 100u);
  EXPECT_EQ(parse_people_model("")->open, PeopleModel().open);
  EXPECT_EQ(parse_people_model("open 100%")->open, 1'000'000u);
  EXPECT_EQ(fault("open 101%"), "`open 101%` is not a share of what people do");
  EXPECT_EQ(fault("reads 1%"), "`reads 1%` is not a share of what people do");
  EXPECT_EQ(fault("open 1"), "`open 1` is not a share of what people do");
  EXPECT_EQ(fault("open 99999999999999%"),
            "`open 99999999999999%` is not a share of what people do");
  EXPECT_EQ(fault("open 1%, click 2%"),
            "`click`, `complaint` and `unsubscribe` are at most `open`");
}

TEST(WebhookPayload, OfASendBringsTheMessageKeyBack) {
  const json body =
      json::parse(webhook_payload(message_of(16), Kind::kSend, message_of(16).time, {}));
  EXPECT_EQ(body, json::parse(R"({"email":"ada@example.com","eventName":"emailSend","dataFields":{
    "campaignId":5001,"campaignName":"Welcome 1","templateId":9001,"templateName":"Welcome tpl",
    "channelId":31,"messageTypeId":41,"workflowId":null,"workflowName":null,"experimentId":null,
    "labels":[],"locale":null,"messageId":"00000000000000000000000000000010",
    "emailId":"c5001:t9001:ada@example.com","emailSubject":"Welcome tpl","contentId":9001,
    "transactionalData":{"sojournMessageKey":"k1"},"metadata":{"sojournMessageKey":"k1"},
    "email":"ada@example.com","createdAt":"2026-03-01 09:00:00 +00:00"}})"));
}

TEST(WebhookPayload, LeavesLargeDataOut) {
  SentMessage message = message_of(1);
  message.data_fields["text"] = std::string(kMaxTransactionalData, 'x');
  const json body = json::parse(webhook_payload(message, Kind::kSend, message.time, {}));
  EXPECT_FALSE(body["dataFields"].contains("transactionalData"));
}

TEST(WebhookPayload, OfAHardBounceNamesAllChannels) {
  const SentMessage message = message_of(1);
  const json body =
      json::parse(webhook_payload(message, Kind::kBounceUnsubscribe, message.time, {31, 32}));
  EXPECT_EQ(body["eventName"], "emailUnSubscribe");
  EXPECT_EQ(body["dataFields"]["unsubSource"], "HardBounce");
  EXPECT_EQ(body["dataFields"]["channelIds"], json::array({31, 32}));
}

TEST(WebhookPayload, OfASkipSaysWhy) {
  SentMessage message = message_of(1, "sms");
  message.skip_reason = "CampaignDeactivated";
  const json body = json::parse(webhook_payload(message, Kind::kSkip, message.time, {}));
  EXPECT_EQ(body["eventName"], "smsSendSkip");
  EXPECT_EQ(body["dataFields"]["reason"], "CampaignDeactivated");
}

}  // namespace
}  // namespace sojourn::sandbox
