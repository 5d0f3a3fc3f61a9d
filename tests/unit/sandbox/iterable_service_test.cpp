// What every call is judged by, and what the service remembers; what single calls answer is in
// tests/transcripts.
#include "sandbox/iterable_service.h"

#include <filesystem>

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

class IterableServiceTest : public ServiceTest {};

constexpr const char* kSendToAda = R"({"campaignId":1001,"recipientEmail":"ada@example.com"})";

TEST_F(IterableServiceTest, TakesEveryMedium) {
  for (const char* path : {"/api/email/target", "/api/sms/target", "/api/push/target",
                           "/api/inApp/target", "/api/webPush/target", "/api/whatsApp/target"}) {
    EXPECT_TRUE(post(path, kSendToAda).starts_with("200 ")) << path;
  }
  EXPECT_EQ(inbox->read(RecordKind::kMessage, {})->size(), 6u);
}

TEST_F(IterableServiceTest, SchedulesAMessageForLater) {
  EXPECT_EQ(post("/api/email/target",
                 R"({"campaignId":1001,"recipientUserId":"u-77","sendAt":"2026-03-02 10:00:00"})"),
            R"(200 {"msg":"Campaign 1001 - Scheduled triggered message for: 2026-03-02T10:00:00Z )"
            R"(to: u-77","code":"Success","params":{"scheduledMessageId":1}})");
  EXPECT_TRUE(
      post("/api/email/target",
           R"({"campaignId":1001,"recipientUserId":"u-77","sendAt":"2026-03-01 11:30:00 +0200"})")
          .find("Scheduled triggered message for: 2026-03-01T09:30:00Z") != std::string::npos);
  EXPECT_TRUE(post("/api/email/target",
                   R"({"campaignId":1001,"recipientUserId":"u-77","sendAt":"2026-03-01 08:00:00"})")
                  .find("Sent triggered message") != std::string::npos);
}

TEST_F(IterableServiceTest, RefusesAWrongKey) {
  configure({.api_key = "right"});
  EXPECT_EQ(ask("POST", "/api/email/target", kSendToAda, "wrong"),
            R"(401 {"msg":"Invalid API key","code":"BadApiKey",)"
            R"("params":{"ip":"127.0.0.1","endpoint":"/api/email/target"}})");
  EXPECT_TRUE(ask("POST", "/api/email/target", kSendToAda, "right").starts_with("200 "));
}

TEST_F(IterableServiceTest, RefusesARequestWithoutAKey) {
  EXPECT_TRUE(ask("POST", "/api/email/target", kSendToAda, "").starts_with("401 "));
  EXPECT_TRUE(ask("GET", "/api/users/ada@example.com", "", "").starts_with("401 "));
  EXPECT_TRUE(inbox->tallies().empty());
}

TEST_F(IterableServiceTest, KnowsNoOtherPathsOrMethods) {
  const Reply reply = service->handle({"POST", "/api/email/stop", "", "secret", "{}"}, now);
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.content_type, "text/html");
  EXPECT_TRUE(ask("GET", "/api/email/target").starts_with("404 "));
  EXPECT_TRUE(ask("PUT", "/api/users/ada@example.com").starts_with("404 "));
  EXPECT_TRUE(ask("POST", "/api/email/target/").starts_with("404 "));
}

TEST_F(IterableServiceTest, RefusesBadNames) {
  EXPECT_EQ(post("/api/email/target", R"({"campaignId":1,"recipientEmail":"ada@"})"),
            R"(400 {"msg":"Invalid email: ada@","code":"InvalidEmailAddressError","params":null})");
  EXPECT_EQ(post("/api/users/update", R"({"email":""})"),
            R"(400 {"msg":"Invalid email: ","code":"InvalidEmailAddressError","params":null})");
  EXPECT_EQ(post("/api/sms/target", R"({"campaignId":1,"recipientUserId":"u "})"),
            R"(400 {"msg":"Invalid userId: u ","code":"InvalidUserIdError","params":null})");
  const std::string long_id(53, 'u');
  EXPECT_EQ(post("/api/users/update", R"({"userId":")" + long_id + R"("})"),
            R"(400 {"msg":"Invalid userId: )" + long_id +
                R"(","code":"InvalidUserIdError","params":null})");
}

TEST_F(IterableServiceTest, RefusesARequestThatNamesNobody) {
  EXPECT_EQ(post("/api/email/target", R"({"campaignId":1})"),
            R"(400 {"msg":"Either email or userId must be specified","code":"BadParams",)"
            R"("params":null})");
  EXPECT_EQ(post("/api/events/track", R"({"eventName":"login"})"),
            R"(400 {"msg":"Either email or userId must be specified in a track call",)"
            R"("code":"BadParams","params":null})");
  EXPECT_TRUE(post("/api/users/update", "{}").find("BadParams") != std::string::npos);
}

TEST_F(IterableServiceTest, RefusesBodiesOfTheWrongShape) {
  EXPECT_EQ(post("/api/events/trackBulk",
                 R"({"events":[{"eventName":"a","email":"ada@example.com"},)"
                 R"({"eventName":"b","email":"ada@example.com","createdAt":"now"}]})"),
            R"(400 {"msg":"[/api/events/trackBulk] Invalid JSON body","code":"BadJsonBody",)"
            R"("params":{"obj.events[1].createdAt":"Number value expected"}})");
  EXPECT_EQ(post("/api/email/target", R"({"campaignId":"1","recipientEmail":"ada@example.com"})"),
            R"(400 {"msg":"[/api/email/target] Invalid JSON body","code":"BadJsonBody",)"
            R"("params":{"obj.campaignId":"Number value expected"}})");
  EXPECT_EQ(post("/api/email/target", R"({"recipientEmail":"ada@example.com"})"),
            R"(400 {"msg":"[/api/email/target] Invalid JSON body","code":"BadJsonBody",)"
            R"("params":{"obj.campaignId":"Value expected"}})");
  EXPECT_EQ(post("/api/users/update", "[]"),
            R"(400 {"msg":"[/api/users/update] Invalid JSON body","code":"BadJsonBody",)"
            R"("params":{"obj":"Object value expected"}})");
  EXPECT_TRUE(inbox->tallies().empty()) << "nothing of a refused body is kept";
}

TEST_F(IterableServiceTest, RefusesWhatIsNotJson) {
  const std::string expected =
      R"(400 {"msg":"[/api/users/update] Invalid JSON body","code":"BadJsonBody","params":null})";
  EXPECT_EQ(post("/api/users/update", ""), expected);
  EXPECT_EQ(post("/api/users/update", "{"), expected);
  EXPECT_EQ(post("/api/users/update", "{\"email\":\"caf\xc3\"}"), expected);
  EXPECT_EQ(post("/api/users/update", "{\"dataFields\":" + std::string(100'000, '[')), expected);
  EXPECT_EQ(post("/api/users/update", R"({"email":"a@example.com","dataFields":{"a":)" +
                                          std::string(100, '[') + std::string(100, ']') + "}}"),
            expected)
      << "deeper than anything that is worth keeping";
}

TEST_F(IterableServiceTest, DoesNotChokeOnNumbers) {
  const auto with_campaign = [&](const std::string& number) {
    return post("/api/email/target",
                R"({"recipientEmail":"ada@example.com","campaignId":)" + number + "}")
        .substr(0, 3);
  };
  EXPECT_EQ(with_campaign("1.5"), "400");
  EXPECT_EQ(with_campaign("1e30"), "400");
  EXPECT_EQ(with_campaign("99999999999999999999999"), "400");
  EXPECT_EQ(with_campaign("18446744073709551615"), "400");
  EXPECT_EQ(with_campaign("9223372036854775807"), "200");
}

TEST_F(IterableServiceTest, DoesNotChokeOnLongText) {
  const std::string huge(1'000'000, 'a');
  EXPECT_TRUE(post("/api/events/track",
                   R"({"email":"ada@example.com","eventName":"e","id":")" + huge + R"("})")
                  .starts_with("400 "));
  EXPECT_TRUE(
      post("/api/email/target",
           R"({"campaignId":1,"recipientEmail":"a@example.com","sendAt":")" + huge + R"("})")
          .starts_with("400 "));
}

TEST_F(IterableServiceTest, TracksAnEventUnderItsId) {
  EXPECT_EQ(
      post("/api/events/track", R"({"email":"ada@example.com","eventName":"login","id":"e-1"})"),
      R"(200 {"msg":"Event with id: e-1 tracked.","code":"Success","params":{"id":"e-1"}})");
  post("/api/events/track", R"({"email":"ada@example.com","eventName":"login","id":"e-1"})");
  const auto& tally = inbox->tallies().at({RecordKind::kEvent, "login"});
  EXPECT_EQ(tally.records, 2u);
  EXPECT_EQ(tally.repeats, 1u);
}

TEST_F(IterableServiceTest, GivesAnEventWithoutIdOneOfItsOwn) {
  const std::string first =
      post("/api/events/track", R"({"email":"ada@example.com","eventName":"login"})");
  const std::string second =
      post("/api/events/track", R"({"email":"ada@example.com","eventName":"login"})");
  EXPECT_TRUE(first.starts_with(R"(200 {"msg":"Event with id: )")) << first;
  EXPECT_NE(first, second);
  EXPECT_EQ(inbox->tallies().at({RecordKind::kEvent, "login"}).repeats, 0u);
}

TEST_F(IterableServiceTest, AnswersABulkOfEventsItemByItem) {
  EXPECT_EQ(post("/api/events/trackBulk",
                 R"({"events":[{"eventName":"a","email":"ada@example.com"},)"
                 R"({"eventName":"a","email":"bad@"},{"eventName":"a","userId":"\u00e9"}]})"),
            "200 {\"successCount\":1,\"failCount\":2,\"createdFields\":[],"
            "\"filteredOutFields\":[],\"invalidEmails\":[\"bad@\"],"
            "\"invalidUserIds\":[\"\xc3\xa9\"],\"disallowedEventNames\":[],\"failedUpdates\":{"
            "\"invalidEmails\":[\"bad@\"],\"invalidUserIds\":[\"\xc3\xa9\"],\"notFoundEmails\":[],"
            "\"notFoundUserIds\":[],\"forgottenEmails\":[],\"forgottenUserIds\":[]}}");
  EXPECT_EQ(inbox->tallies().at({RecordKind::kEvent, "a"}).records, 1u);
}

TEST_F(IterableServiceTest, AnswersAnEmptyBulkWithZeroes) {
  EXPECT_EQ(post("/api/events/trackBulk", R"({"events":[]})"),
            R"(200 {"successCount":0,"failCount":0,"createdFields":[],"filteredOutFields":[],)"
            R"("invalidEmails":[],"invalidUserIds":[],"disallowedEventNames":[],)"
            R"("failedUpdates":{"invalidEmails":[],"invalidUserIds":[],"notFoundEmails":[],)"
            R"("notFoundUserIds":[],"forgottenEmails":[],"forgottenUserIds":[]}})");
}

TEST_F(IterableServiceTest, AnswersABulkOfUsersItemByItem) {
  post("/api/users/update", R"({"email":"ada@example.com","dataFields":{"seats":7}})");
  EXPECT_EQ(post("/api/users/bulkUpdate",
                 R"({"users":[{"email":"Bob@Example.com","dataFields":{"seats":1}},)"
                 R"({"email":"bad@"},{"userId":"eve","dataFields":{"seats":"many"}}]})"),
            R"(200 {"successCount":1,"failCount":2,"createdFields":[],"filteredOutFields":[],)"
            R"("invalidEmails":["bad@"],"invalidUserIds":[],"failedUpdates":{)"
            R"("invalidEmails":["bad@"],"invalidUserIds":[],"notFoundEmails":[],)"
            R"("notFoundUserIds":[],"invalidDataEmails":[],"invalidDataUserIds":["eve"],)"
            R"("conflictEmails":[],"conflictUserIds":[],"forgottenEmails":[],)"
            R"("forgottenUserIds":[]}})");
  EXPECT_TRUE(ask("GET", "/api/users/bob@example.com").find(R"("seats":1)") != std::string::npos);
  EXPECT_EQ(ask("GET", "/api/users/byUserId/eve"), "200 {}");
}

TEST_F(IterableServiceTest, RefusesABulkWithAnItemThatNamesNobody) {
  EXPECT_TRUE(post("/api/users/bulkUpdate", R"({"users":[{"dataFields":{}}]})").find("BadParams") !=
              std::string::npos);
}

TEST_F(IterableServiceTest, ReadsBackAUser) {
  EXPECT_EQ(post("/api/users/update", R"({"email":"Ada@Example.com","dataFields":{"plan":"pro"}})"),
            R"(200 {"msg":"User successfully created/updated.","code":"Success","params":null})");
  EXPECT_EQ(ask("GET", "/api/users/ada%40example.com"),
            R"(200 {"user":{"dataFields":{"email":"ada@example.com","plan":"pro",)"
            R"("profileUpdatedAt":"2026-03-01 09:00:00 +00:00",)"
            R"("signupDate":"2026-03-01 09:00:00 +00:00","signupSource":"API"},)"
            R"("email":"ada@example.com"}})");
}

TEST_F(IterableServiceTest, UpdatesFieldByField) {
  post("/api/users/update",
       R"({"userId":"u","dataFields":{"a":1,"b":2,"c":{"x":1,"y":2},"d":{"x":1,"y":2}}})");
  post("/api/users/update", R"({"userId":"u","dataFields":{"b":null,"c":{"x":3}}})");
  post("/api/users/update",
       R"({"userId":"u","mergeNestedObjects":true,"dataFields":{"d":{"x":3}}})");
  const std::string user = ask("GET", "/api/users/byUserId/u");
  EXPECT_TRUE(user.find(R"("a":1,"c":{"x":3},"d":{"x":3,"y":2},)") != std::string::npos) << user;
}

TEST_F(IterableServiceTest, FindsAUserByEitherNameOnceBothWereSent) {
  post("/api/users/update", R"({"userId":"u","dataFields":{"before":1}})");
  post("/api/users/update", R"({"email":"ada@example.com","userId":"u","dataFields":{"with":2}})");
  post("/api/users/update", R"({"userId":"u","dataFields":{"after":3}})");
  const std::string user = ask("GET", "/api/users/ada@example.com");
  EXPECT_EQ(user, ask("GET", "/api/users/byUserId/u"));
  for (const char* field : {R"("before":1)", R"("with":2)", R"("after":3)", R"("userId":"u")"}) {
    EXPECT_TRUE(user.find(field) != std::string::npos) << field << " in " << user;
  }
}

TEST_F(IterableServiceTest, AnswersForUsersItDoesNotKnow) {
  EXPECT_EQ(ask("GET", "/api/users/ada@example.com"), "200 {}");
  EXPECT_EQ(ask("GET", "/api/users/ada"),
            R"(400 {"msg":"Invalid email: ada","code":"InvalidEmailAddressError","params":null})");
  EXPECT_TRUE(ask("GET", "/api/users/%zz").starts_with("404 "));
}

TEST_F(IterableServiceTest, TheFirstValueFixesTheTypeOfAField) {
  post("/api/users/update", R"({"email":"ada@example.com","dataFields":{"seats":7}})");
  const std::string refused =
      post("/api/users/update", R"({"email":"ada@example.com","dataFields":{"seats":"seven"}})");
  EXPECT_EQ(refused,
            R"(400 {"msg":"Project 1: The request does not have the same data types as the )"
            R"(project's fields","code":"RequestFieldsTypesMismatched","params":)"
            R"({"validationErrors":{"seats":{"_type":"UnexpectedType","category":"user",)"
            R"("expectedType":"long","incomingTypes":["string","keyword"],)"
            R"("offendingValue":"seven"}}}})");
}

TEST_F(IterableServiceTest, TypesThatFit) {
  const auto fits = [&](const std::string& first, const std::string& second) {
    open(":memory:");
    const auto body = [](const std::string& value) {
      return R"({"userId":"u","eventName":"e","dataFields":{"f":)" + value + "}}";
    };
    EXPECT_TRUE(post("/api/events/track", body(first)).starts_with("200 ")) << first;
    return post("/api/events/track", body(second)).starts_with("200 ");
  };
  EXPECT_TRUE(fits("1.5", "2"));
  EXPECT_TRUE(fits("\"text\"", "\"2026-03-01\""));
  EXPECT_TRUE(fits("1", "null"));
  EXPECT_TRUE(fits("[1,2]", "[]"));
  EXPECT_TRUE(fits("null", "true"));
  EXPECT_TRUE(fits("{\"lat\":1,\"lon\":2}", "{\"lat\":1.5,\"lon\":2.5}"));
  EXPECT_FALSE(fits("2", "1.5"));
  EXPECT_FALSE(fits("\"2026-03-01\"", "\"soon\""));
  EXPECT_FALSE(fits("\"2026-03-01 09:00:00 +00:00\"", "\"text\""));
  EXPECT_FALSE(fits("true", "1"));
  EXPECT_FALSE(fits("[1]", "[\"one\"]"));
  EXPECT_FALSE(fits("{\"a\":1}", "[1]"));
}

TEST_F(IterableServiceTest, EventsOfDifferentNamesDoNotShareTypes) {
  EXPECT_TRUE(post("/api/events/track", R"({"userId":"u","eventName":"a","dataFields":{"f":1}})")
                  .starts_with("200 "));
  EXPECT_TRUE(post("/api/events/track", R"({"userId":"u","eventName":"b","dataFields":{"f":"x"}})")
                  .starts_with("200 "));
}

TEST_F(IterableServiceTest, HasRoomForAThousandUserFields) {
  const auto fields = [](int from, int to) {
    std::string out;
    for (int i = from; i < to; ++i) {
      out += (out.empty() ? "\"f" : ",\"f") + std::to_string(i) + "\":1";
    }
    return R"({"userId":"u","dataFields":{)" + out + "}}";
  };
  EXPECT_TRUE(post("/api/users/update", fields(0, 1000)).starts_with("200 "));
  EXPECT_TRUE(post("/api/users/update", fields(500, 600)).starts_with("200 "));
  EXPECT_TRUE(post("/api/users/update", fields(1000, 1001)).find("UniqueFieldsLimitExceeded") !=
              std::string::npos);
}

TEST_F(IterableServiceTest, RemembersEverythingAfterReopening) {
  std::string pattern = (std::filesystem::temp_directory_path() / "sojourn-XXXXXX").string();
  const std::filesystem::path folder = mkdtemp(pattern.data());
  const std::string file = (folder / "sandbox.sqlite").string();
  open(file);
  post("/api/email/target", R"({"campaignId":1001,"recipientEmail":"ada@example.com",)"
                            R"("dataFields":{"sojournMessageKey":"k1"}})");
  post("/api/users/update", R"({"email":"ada@example.com","dataFields":{"seats":7}})");
  ASSERT_TRUE(inbox->flush());

  open(file);
  EXPECT_EQ(inbox->read(RecordKind::kMessage, {.key = "k1"})->size(), 1u);
  EXPECT_EQ(inbox->tallies().at({RecordKind::kMessage, "email 1001"}).records, 1u);
  EXPECT_TRUE(ask("GET", "/api/users/ada@example.com").find(R"("seats":7)") != std::string::npos);
  EXPECT_TRUE(post("/api/users/update", R"({"userId":"u","dataFields":{"seats":"x"}})")
                  .find("RequestFieldsTypesMismatched") != std::string::npos);
  service.reset();
  inbox.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sojourn::sandbox
