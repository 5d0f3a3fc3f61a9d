#include "runtime/intake_forward.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "runtime/intake_parse.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using Json = nlohmann::json;

graph::Catalog catalog() {
  graph::Catalog catalog;
  catalog.events = {{"viewed", "viewed", {}}};
  catalog.lists = {{"vips", 21}};
  return catalog;
}

class IntakeForwardTest : public testing::Test {
 protected:
  IntakeRequest parse(Endpoint endpoint, const std::string& body,
                      ForwardMode mode = ForwardMode::kQueue) {
    IntakeParser parser(program_, IntakeLimits{}, {}, mode);
    auto request = parser.parse(endpoint, body, "0123abcd");
    EXPECT_TRUE(request.has_value()) << (request ? "" : request.error().body);
    return request ? std::move(*request) : IntakeRequest{};
  }
  // "PATH BODY" of each.
  std::vector<std::string> forwards(Endpoint endpoint, const std::string& body) {
    std::vector<std::string> out;
    for (const IntakeForward& forward : parse(endpoint, body).forwards) {
      out.push_back(forward.path + " " + forward.body);
    }
    return out;
  }
  // The emails, or user ids, of those whose items are left.
  static std::vector<std::string> left(const IntakeRequest& request) {
    std::vector<std::string> out;
    for (const IntakeItem& item : request.items) {
      const Person& person =
          std::visit([](const auto& it) -> const Person& { return it.person; }, item);
      out.push_back(person.email ? *person.email : *person.user_id);
    }
    return out;
  }
  using Words = std::vector<std::string>;

  Program program_{"test", catalog(), {}};
};

TEST_F(IntakeForwardTest, AnIdThatIterableWouldRefuseLaterIsRefusedAtOnce) {
  const std::string body = R"({"email":"a@example.com","eventName":"viewed","id":"cdot:88121"})";
  for (const auto& [mode, is_taken] : {std::pair{ForwardMode::kQueue, false},
                                       {ForwardMode::kAsk, true},
                                       {ForwardMode::kOff, true}}) {
    IntakeParser parser(program_, IntakeLimits{}, {}, mode);
    const auto request = parser.parse(Endpoint::kEventsTrack, body, "0123abcd");
    EXPECT_EQ(request.has_value(), is_taken);
    if (request) continue;
    EXPECT_NE(request.error().body.find("hyphens expected"), std::string::npos);
  }
}

TEST_F(IntakeForwardTest, TheChannelOfAListIsIterablesToKnow) {
  const std::string body = R"({"listId":21,"subscribers":[{"email":"a@example.com"}],)"
                           R"("channelUnsubscribe":true})";
  IntakeParser off(program_, IntakeLimits{}, {}, ForwardMode::kOff);
  const auto refused = off.parse(Endpoint::kListsUnsubscribe, body, "0123abcd");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().body.find("unsubscribedChannelIds"), std::string::npos);
  EXPECT_EQ(forwards(Endpoint::kListsUnsubscribe, body).size(), 1U);
}

TEST_F(IntakeForwardTest, ASingleCallGoesOnAsItCame) {
  EXPECT_EQ(forwards(Endpoint::kUsersUpdate,
                     R"({"email":"Ada@example.com","dataFields":{"shoe":9},"preferUserId":true})"),
            Words{R"(/api/users/update {"email":"Ada@example.com","dataFields":{"shoe":9},)"
                  R"("preferUserId":true})"});
  EXPECT_EQ(
      forwards(Endpoint::kEventsTrack,
               R"({"email":"a@example.com","eventName":"viewed","id":"e-1"})"),
      Words{R"(/api/events/track {"email":"a@example.com","eventName":"viewed","id":"e-1"})"});
}

TEST_F(IntakeForwardTest, AnEventWithoutAnIdGetsTheOneThatItsSenderIsTold) {
  const Words expected{
      R"(/api/events/track {"email":"a@example.com","eventName":"viewed","id":"0123abcd"})"};
  EXPECT_EQ(forwards(Endpoint::kEventsTrack, R"({"email":"a@example.com","eventName":"viewed"})"),
            expected);
  EXPECT_EQ(forwards(Endpoint::kEventsTrack,
                     R"({"id":null,"email":"a@example.com","eventName":"viewed"})"),
            expected);
}

TEST_F(IntakeForwardTest, ItemsOfABulkCallGoOnOneByOne) {
  EXPECT_EQ(
      forwards(Endpoint::kEventsTrackBulk,
               R"({"events":[{"email":"a@example.com","eventName":"viewed"},
                                   {"email":"wrong","eventName":"viewed"},
                                   {"userId":"u-1","eventName":"viewed","id":"e-2"}]})"),
      (Words{
          R"(/api/events/track {"email":"a@example.com","eventName":"viewed","id":"0123abcd-0"})",
          R"(/api/events/track {"userId":"u-1","eventName":"viewed","id":"e-2"})"}));
  EXPECT_EQ(forwards(Endpoint::kUsersBulkUpdate,
                     R"({"createNewFields":false,"userId":"u-9","users":[{"email":"a@example.com"},
                         {"email":"b@example.com","createNewFields":true}]})"),
            (Words{R"(/api/users/update {"email":"a@example.com","createNewFields":false})",
                   R"(/api/users/update {"email":"b@example.com","createNewFields":true})"}));
  EXPECT_EQ(forwards(Endpoint::kListsUnsubscribe,
                     R"({"listId":21,"channelUnsubscribe":true,
                         "subscribers":[{"email":"a@example.com"},{"userId":"u-1"}]})"),
            (Words{R"(/api/lists/unsubscribe {"listId":21,"channelUnsubscribe":true,)"
                   R"("subscribers":[{"email":"a@example.com"}]})",
                   R"(/api/lists/unsubscribe {"listId":21,"channelUnsubscribe":true,)"
                   R"("subscribers":[{"userId":"u-1"}]})"}));
}

TEST_F(IntakeForwardTest, WhatARootSaysBesidesItsSettingsIsNotRepeatedWithEachItem) {
  std::string users;
  for (int i = 0; i < 100; ++i) {
    if (i > 0) users += ',';
    users += R"({"userId":"u-)" + std::to_string(i) + "\"}";
  }
  const std::string large = '"' + std::string(10'000, 'x') + '"';
  const auto size_of = [](const Words& all) {
    std::size_t size = 0;
    for (const std::string& one : all) size += one.size();
    return size;
  };
  const Words joins = forwards(Endpoint::kListsSubscribe,
                               R"({"listId":21,"updateExistingUsersOnly":)" + large +
                                   R"(,"note":)" + large + R"(,"subscribers":[)" + users + "]}");
  EXPECT_EQ(joins.size(), 100U);
  EXPECT_LT(size_of(joins), 10'000U);
  const Words updates = forwards(Endpoint::kUsersBulkUpdate,
                                 R"({"createNewFields":)" + large + R"(,"users":[)" + users + "]}");
  EXPECT_EQ(updates.size(), 100U);
  EXPECT_LT(size_of(updates), 10'000U);
}

TEST_F(IntakeForwardTest, NothingGoesOnUnlessItIsQueued) {
  const std::string body = R"({"email":"a@example.com","eventName":"viewed"})";
  EXPECT_TRUE(parse(Endpoint::kEventsTrack, body, ForwardMode::kOff).forwards.empty());
  EXPECT_TRUE(parse(Endpoint::kEventsTrack, body, ForwardMode::kAsk).forwards.empty());
  EXPECT_TRUE(
      parse(Endpoint::kSegmentTrack, R"({"userId":"u-1","event":"viewed"})").forwards.empty());
}

TEST_F(IntakeForwardTest, AListThatIsIterablesAloneIsNoError) {
  const std::string body = R"({"listId":99,"subscribers":[{"email":"a@example.com"}]})";
  IntakeParser off(program_, IntakeLimits{});
  EXPECT_FALSE(off.parse(Endpoint::kListsSubscribe, body, "").has_value());
  const IntakeRequest request = parse(Endpoint::kListsSubscribe, body, ForwardMode::kAsk);
  ASSERT_EQ(request.items.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<IntakeUpdate>(request.items[0]));
}

TEST_F(IntakeForwardTest, NothingIsTakenThatIterableRefuses) {
  IntakeRequest request = parse(Endpoint::kUsersUpdate, R"({"email":"a@example.com"})");
  keep_taken(request, 400, R"({"code":"BadParams"})");
  EXPECT_TRUE(request.items.empty());
  request = parse(Endpoint::kUsersUpdate, R"({"email":"a@example.com"})");
  keep_taken(request, 200, R"({"msg":"","code":"Success","params":null})");
  EXPECT_EQ(request.items.size(), 1U);
}

TEST_F(IntakeForwardTest, OfABulkAnswerWhoIsListedIsNotTaken) {
  const std::string body = R"({"events":[
      {"email":"Ada@example.com","eventName":"viewed"},{"email":"bob@example.com","eventName":"viewed"},
      {"userId":"U-1","eventName":"viewed"},{"userId":"u-1","eventName":"viewed"},
      {"userId":"u-2","eventName":"noise"}]})";
  IntakeRequest request = parse(Endpoint::kEventsTrackBulk, body);
  keep_taken(request, 200,
             R"({"successCount":2,"failCount":3,"invalidEmails":["ADA@example.com"],
                 "disallowedEventNames":["noise"],"failedUpdates":{"notFoundUserIds":["U-1"]}})");
  EXPECT_EQ(left(request), (Words{"bob@example.com", "u-1"}));
}

TEST_F(IntakeForwardTest, WhatIsRefusedHereAndThereIsNothingThatIterableHasAlone) {
  IntakeRequest request =
      parse(Endpoint::kUsersBulkUpdate, R"({"users":[{"email":"Wrong"},{"userId":"trailing "}]})");
  ASSERT_EQ(request.failures.size(), 2U);
  keep_taken(request, 200, R"({"failedUpdates":{"invalidEmails":["wrong"]}})");
  ASSERT_EQ(request.failures.size(), 1U);
  EXPECT_EQ(request.failures[0].identity, "trailing ");
}

TEST_F(IntakeForwardTest, WhoWasNotOnAListHasLeftIt) {
  const std::string body = R"({"listId":21,"subscribers":[{"email":"a@example.com"}]})";
  const std::string answer =
      R"({"successCount":0,"failCount":1,"failedUpdates":{"notFoundEmails":["a@example.com"]}})";
  IntakeRequest leaves = parse(Endpoint::kListsUnsubscribe, body);
  keep_taken(leaves, 200, answer);
  EXPECT_EQ(leaves.items.size(), 1U);
  IntakeRequest joins = parse(Endpoint::kListsSubscribe, body);
  keep_taken(joins, 200, answer);
  EXPECT_TRUE(joins.items.empty());
}

}  // namespace
}  // namespace sojourn::runtime
