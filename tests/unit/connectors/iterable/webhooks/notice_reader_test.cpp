// One payload for each kind of notice, as Iterable's help centre and exports have them.
#include "connectors/iterable/webhooks/notice_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>

namespace sojourn::connectors::iterable {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using M = NoticeMeaning;

// 2026-03-01T10:15:00Z
constexpr base::Instant kThen{1'772'360'100'000};
constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

// The block that notices of a message have in common.
constexpr std::string_view kCommon =
    R"("campaignId":5001,"campaignName":"Welcome 1","templateId":9001,"templateName":"tpl",
       "channelId":31,"messageTypeId":41,"workflowId":null,"workflowName":null,
       "experimentId":null,"labels":[],"locale":null,
       "messageId":"0f3a9c5be1d24d7c8e7a6b5c4d3e2f10","emailId":"c5001:t9001:ann@example.com",
       "email":"ann@example.com","createdAt":"2026-03-01 10:15:00 +00:00")";

std::string payload(std::string_view event, std::string_view data) {
  return fmt::format(R"({{"email":"ann@example.com","eventName":"{}","dataFields":{{{}}}}})", event,
                     data);
}
std::string of_message(std::string_view event, std::string_view more = "") {
  return payload(event, std::string(kCommon) + (more.empty() ? "" : ",") + std::string(more));
}

Notice read(const std::string& body) {
  NoticeReader reader;
  auto notice = reader.read(body);
  EXPECT_TRUE(notice.has_value()) << (notice ? "" : notice.error()) << "\n" << body;
  return notice ? *notice : Notice{};
}

struct Case {
  std::string event;
  M meaning;
  std::string body;
};

std::vector<Case> one_of_each() {
  const std::string skip =
      R"("reason":"FrequencyCapping","campaignId":5001,"messageId":"0f3a","email":"ann@example.com",
         "createdAt":"2026-03-01 10:15:00 +00:00")";
  const std::string push =
      R"("pushMessage":"Hi","payload":{"path":"/x"},"sound":null,"badge":null,"deeplink":null)";
  const std::string in_app =
      R"("campaignId":5001,"templateId":9001,"messageId":"a1","email":"ann@example.com",
         "createdAt":"2026-03-01 10:15:00 +00:00","deviceInfo":{"platform":"iOS"})";
  const std::string reply =
      R"("fromPhoneNumber":"+15005550006","toPhoneNumber":"+15005550001","smsMessage":"STOP",
         "email":"ann@example.com","createdAt":"2026-03-01 10:15:00 +00:00")";
  std::vector<Case> cases{
      {"emailSend", M::kSent,
       of_message("emailSend", R"("emailSubject":"Hello","transactionalData":{"orderId":"A1"})")},
      {"emailOpen", M::kOpened,
       of_message("emailOpen", R"("userAgent":"UA","proxySource":"Gmail","isBot":false)")},
      {"emailClick", M::kClicked,
       of_message("emailClick", R"("url":"https://example.com/p?x=1","hrefIndex":2)")},
      {"emailBounce", M::kBounced,
       of_message("emailBounce", R"("recipientState":"HardBounce","status":"5.1.1")")},
      {"emailComplaint", M::kComplained,
       of_message("emailComplaint", R"("recipientState":"Complaint")")},
      {"emailSubscribe", M::kSubscribed,
       payload("emailSubscribe", R"("signupSource":"ListAPI","emailListIds":[700],"channelIds":[],
           "messageTypeIds":[41],"createdAt":"2026-03-01 10:15:00 +00:00","firstName":"Ann")")},
      {"emailUnSubscribe", M::kUnsubscribed,
       of_message("emailUnSubscribe",
                  R"("unsubSource":"EmailLink","channelIds":[31],"messageTypeIds":[])")},
      {"hostedUnsubscribeClick", M::kOther,
       of_message("hostedUnsubscribeClick", R"("url":"https://example.com/u")")},
      {"pushSend", M::kSent, of_message("pushSend", push)},
      {"pushOpen", M::kOpened, of_message("pushOpen", push + R"(,"appAlreadyRunning":false)")},
      {"pushBounce", M::kBounced, of_message("pushBounce", push)},
      {"pushUninstall", M::kOther, of_message("pushUninstall", push + R"(,"isGhostPush":true)")},
      {"smsSend", M::kSent, of_message("smsSend", R"("toPhoneNumber":"+15005550006")")},
      {"smsReceived", M::kReplied, payload("smsReceived", reply)},
      {"smsClick", M::kClicked,
       of_message("smsClick", R"("clickedUrl":"https://example.com/p?x=1")")},
      {"smsBounce", M::kBounced,
       of_message("smsBounce", R"("smsProviderResponse":{"status":400,"code":21211})")},
      {"inAppSend", M::kSent, of_message("inAppSend", R"("inAppBody":"<p>Hi</p>")")},
      {"inAppOpen", M::kOpened, payload("inAppOpen", in_app)},
      {"inAppClick", M::kClicked,
       payload("inAppClick", in_app + R"(,"clickedUrl":"https://example.com/p?x=1")")},
      {"inAppDelete", M::kOther,
       payload("inAppDelete", in_app + R"(,"deleteAction":"inbox-swipe")")},
      {"inAppRecall", M::kOther, payload("inAppRecall", in_app + R"(,"total":3)")},
      {"webPushSend", M::kSent, of_message("webPushSend", R"("webPushMessage":"Hi")")},
      {"webPushClick", M::kClicked, of_message("webPushClick")},
      {"whatsAppSend", M::kSent, of_message("whatsAppSend")},
      {"whatsAppReceived", M::kReplied,
       payload("whatsAppReceived",
               R"("whatsAppBodyField":"STOP","createdAt":"2026-03-01 10:15:00 +00:00")")},
      {"whatsAppSeen", M::kOpened, of_message("whatsAppSeen")},
      {"whatsAppClick", M::kClicked,
       of_message("whatsAppClick", R"("clickedUrl":"https://example.com/p?x=1")")},
      {"whatsAppBounce", M::kBounced, of_message("whatsAppBounce", R"("errorCode":"131026")")},
      {"embeddedClick", M::kClicked,
       of_message("embeddedClick", R"("embeddedTargetUrl":"https://example.com/p?x=1")")},
      {"embeddedImpression", M::kOpened, of_message("embeddedImpression")},
      {"embeddedReceived", M::kReceived, of_message("embeddedReceived")},
      {"embeddedSession", M::kOther,
       payload("embeddedSession", R"("embeddedSessionId":"s1","createdAt":1772360100000)")},
      {"journeyExit", M::kOther,
       payload("journeyExit", R"("workflowId":12,"exitReason":"Completed","nodePath":"1,2",
           "createdAt":"2026-03-01 10:15:00 +00:00")")},
  };
  for (const std::string medium : {"email", "push", "sms", "inApp", "webPush", "whatsApp"}) {
    cases.push_back({medium + "SendSkip", M::kNotSent, payload(medium + "SendSkip", skip)});
  }
  return cases;
}

TEST(Notice, EveryKindIsReadFromItsPayload) {
  std::set<std::string_view> seen;
  for (const Case& each : one_of_each()) {
    SCOPED_TRACE(each.event);
    const Notice notice = read(each.body);
    ASSERT_NE(notice.kind, nullptr);
    EXPECT_EQ(notice.kind->event_name, each.event);
    EXPECT_EQ(notice.kind->meaning, each.meaning);
    EXPECT_EQ(notice.email, "ann@example.com");
    EXPECT_EQ(notice.created_at, kThen);
    EXPECT_TRUE(notice.natural_key.has_value());
    if (each.meaning == M::kClicked && each.event != "webPushClick") {
      EXPECT_EQ(notice.url, "https://example.com/p?x=1");
    }
    if (each.meaning == M::kReplied) {
      EXPECT_EQ(notice.text, "STOP");
    }
    EXPECT_EQ(notice.reason, each.meaning == M::kNotSent ? "FrequencyCapping" : "");
    seen.insert(notice.kind->event_name);
  }
  EXPECT_EQ(seen.size(), notice_kinds().size()) << "a kind has no payload here";
}

TEST(Notice, HasWhatTheCommonBlockSays) {
  const Notice notice = read(of_message("emailBounce", R"("recipientState":"HardBounce")"));
  EXPECT_EQ(notice.campaign_id, 5001);
  EXPECT_EQ(notice.message_type_id, 41);
  EXPECT_EQ(notice.channel_id, 31);
  EXPECT_EQ(notice.message_id, "0f3a9c5be1d24d7c8e7a6b5c4d3e2f10");
  EXPECT_EQ(notice.recipient_state, "HardBounce");
  EXPECT_FALSE(notice.is_bot);
  EXPECT_FALSE(notice.message_key.has_value());
}

TEST(Notice, TheMessageKeyIsFoundWhereverItsDataComesBack) {
  for (const std::string& place :
       {fmt::format(R"("transactionalData":{{"sojournMessageKey":"{}"}})", kKey),
        fmt::format(R"("transactionalData":"{{\"sojournMessageKey\":\"{}\"}}")", kKey),
        fmt::format(R"("metadata":{{"sojournMessageKey":"{}"}})", kKey),
        fmt::format(R"("sojournMessageKey":"{}")", kKey)}) {
    const Notice notice = read(of_message("emailSend", place));
    ASSERT_TRUE(notice.message_key.has_value()) << place;
    EXPECT_EQ(notice.message_key->hex(), kKey);
  }
  for (const std::string place : {R"("metadata":{"sojournMessageKey":"short"})",
                                  R"("transactionalData":"{ sojournMessageKey")",
                                  R"("metadata":[1])", R"("metadata":null)"}) {
    EXPECT_FALSE(read(of_message("emailSend", place)).message_key.has_value()) << place;
  }
}

TEST(Notice, CaseOfTheNameIsPassedOver) {
  ASSERT_NE(read(of_message("emailUnsubscribe")).kind, nullptr);
  EXPECT_EQ(read(of_message("emailUnsubscribe")).kind->event_name, "emailUnSubscribe");
}

TEST(Notice, WhatIsNotKnownIsNoFault) {
  const Notice notice = read(R"({"email":"Ann@Example.com","eventName":"carrierPigeonSend",
      "extra":{"a":[1]},"dataFields":{"campaignId":"5001","createdAt":"yesterday","isBot":"no"}})");
  EXPECT_EQ(notice.kind, nullptr);
  EXPECT_EQ(notice.event_name, "carrierPigeonSend");
  EXPECT_EQ(notice.email, "ann@example.com");
  EXPECT_EQ(notice.campaign_id, 5001) << "ids come as texts, too";
  EXPECT_FALSE(notice.created_at.has_value());
}

TEST(Notice, EveryScalarMayBeNull) {
  const Notice notice = read(R"({"email":null,"userId":"u-77","eventName":"emailOpen",
      "dataFields":{"campaignId":null,"messageId":null,"createdAt":null,"url":null,
                    "channelIds":null,"isBot":null,"email":null}})");
  EXPECT_EQ(notice.user_id, "u-77");
  EXPECT_EQ(notice.email, "");
  EXPECT_FALSE(notice.natural_key.has_value()) << "nothing tells two of them apart";
  EXPECT_THAT(notice.channel_ids, IsEmpty());
}

TEST(Notice, TheEmailMayStandInTheDataOnly) {
  EXPECT_EQ(read(R"({"eventName":"emailOpen","dataFields":{"email":"ann@example.com"}})").email,
            "ann@example.com");
}

TEST(Notice, APlaceholderIsNobodysAddress) {
  const Notice notice =
      read(R"({"email":"9f@placeholder.email","userId":"u-1","eventName":"pushOpen"})");
  EXPECT_EQ(notice.email, "");
  EXPECT_EQ(notice.user_id, "u-1");
}

TEST(Notice, TimesComeInEveryForm) {
  for (const std::string form : {R"("2026-03-01 10:15:00 +00:00")", R"("2026-03-01T10:15:00Z")",
                                 R"("2026-03-01T12:15:00+02:00")", "1772360100", "1772360100000"}) {
    EXPECT_EQ(read(payload("emailOpen", R"("createdAt":)" + form)).created_at, kThen) << form;
  }
  for (const std::string form : {"-1", "true", "\"\"", "1e300"}) {
    EXPECT_FALSE(read(payload("emailOpen", R"("createdAt":)" + form)).created_at) << form;
  }
}

TEST(Notice, ARepeatHasTheSameKeyAndNothingElseHas) {
  const std::string click = R"("url":"https://example.com/a","hrefIndex":1)";
  const auto key = [](const std::string& body) { return read(body).natural_key.value(); };
  const auto first = key(of_message("emailClick", click));
  EXPECT_EQ(first, key(of_message("emailClick", click + R"(,"userAgent":"another")")));
  std::set<base::Hash128> keys{
      first,
      key(of_message("emailOpen", click)),
      key(of_message("emailClick", R"("url":"https://example.com/b","hrefIndex":1)")),
      key(of_message("emailClick", R"("url":"https://example.com/a","hrefIndex":2)")),
      key(payload("emailUnSubscribe",
                  R"("channelIds":[31],"createdAt":"2026-03-01 10:15:00 +00:00")")),
      key(payload("emailUnSubscribe",
                  R"("channelIds":[32],"createdAt":"2026-03-01 10:15:00 +00:00")")),
      key(payload("emailUnSubscribe",
                  R"("channelIds":[31],"createdAt":"2026-03-01 10:15:01 +00:00")")),
  };
  EXPECT_EQ(keys.size(), 7u);
}

TEST(Notice, WhatIsNoneIsRefusedInWords) {
  NoticeReader reader;
  EXPECT_THAT(reader.read("").error(), HasSubstr("JSON object"));
  EXPECT_THAT(reader.read("[]").error(), HasSubstr("JSON object"));
  EXPECT_THAT(reader.read(R"({"email":"a@b.c"})").error(), HasSubstr("eventName"));
  EXPECT_THAT(reader.read(R"({"eventName":7})").error(), HasSubstr("eventName"));
  EXPECT_THAT(
      reader.read("{\"eventName\":\"emailOpen\",\"dataFields\":{\"url\":\"\xff\"}}").error(),
      HasSubstr("JSON"));
}

TEST(Notice, SizeAndDepthAreBounded) {
  NoticeReader reader;
  const std::string deep = R"({"eventName":"emailOpen","dataFields":)" + std::string(40, '[') +
                           std::string(40, ']') + "}";
  EXPECT_THAT(reader.read(deep).error(), HasSubstr("32"));
  const std::string large = R"({"eventName":")" + std::string(kMaxNoticeBytes, 'x') + "\"}";
  EXPECT_THAT(reader.read(large).error(), HasSubstr("1048576 bytes"));
  std::string ids;
  for (int id = 0; id < 1'200; ++id) ids += (id == 0 ? "" : ",") + std::to_string(id);
  EXPECT_EQ(read(payload("emailUnSubscribe", "\"channelIds\":[" + ids + "]")).channel_ids.size(),
            kMaxNoticeIds);
  const std::string umlauts = [] {
    std::string text = "x";
    while (text.size() < 3'000) text += "\xc3\xa4";
    return text;
  }();
  const std::string kept = read(payload("emailClick", "\"url\":\"" + umlauts + "\"")).url;
  EXPECT_EQ(kept.size(), kMaxNoticeText - 1) << "no character is cut";
  EXPECT_TRUE(reader.read(of_message("emailOpen")).has_value()) << "the reader goes on";
}

}  // namespace
}  // namespace sojourn::connectors::iterable
