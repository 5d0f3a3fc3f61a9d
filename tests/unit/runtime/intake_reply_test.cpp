#include "runtime/intake_reply.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;

TEST(IntakeReply, AnEventIsAnsweredWithItsId) {
  IntakeResult result;
  result.endpoint = Endpoint::kEventsTrack;
  result.answer_id = "e-1";
  const IntakeAnswer answer = answer_of(result);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"msg":"Event with id: e-1 tracked.","code":"Success","params":{"id":"e-1"}})");
}

TEST(IntakeReply, AnEntryIsAnsweredWithItsId) {
  IntakeResult result;
  result.endpoint = Endpoint::kJourneyEntry;
  result.answer_id = "e-1";
  EXPECT_EQ(answer_of(result).body,
            R"({"msg":"Entry with id: e-1 taken.","code":"Success","params":{"id":"e-1"}})");
}

TEST(IntakeReply, AConflictOfOneUserIsA409) {
  IntakeResult result;
  result.endpoint = Endpoint::kUsersUpdate;
  result.failures = {{"conflictEmails", "ada@example.com"}};
  const IntakeAnswer answer = answer_of(result);
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(nlohmann::json::parse(answer.body)["code"], "EmailAlreadyExists");
}

TEST(IntakeReply, BulkFailuresStandInIterablesLists) {
  IntakeResult result;
  result.endpoint = Endpoint::kUsersBulkUpdate;
  result.accepted = 2;
  result.failures = {{"invalidEmails", "bad@"}, {"conflictUserIds", "u-1"}};
  result.filtered_out_fields = {"shoe"};
  const auto json = nlohmann::json::parse(answer_of(result).body);
  EXPECT_EQ(json["successCount"], 2);
  EXPECT_EQ(json["failCount"], 2);
  EXPECT_EQ(json["filteredOutFields"], nlohmann::json({"shoe"}));
  EXPECT_EQ(json["invalidEmails"], nlohmann::json({"bad@"}));
  EXPECT_EQ(json["failedUpdates"]["conflictUserIds"], nlohmann::json({"u-1"}));
  EXPECT_EQ(json["failedUpdates"]["forgottenEmails"], nlohmann::json::array());
}

TEST(IntakeReply, SubscriptionsAreAnsweredAsIterableDoes) {
  IntakeResult result;
  result.endpoint = Endpoint::kSubscriptionsUpdate;
  EXPECT_EQ(nlohmann::json::parse(answer_of(result).body)["code"], "Success");
  result.endpoint = Endpoint::kSubscriptionsBulkUpdate;
  result.accepted = 1;
  result.failures = {{"invalidEmails", "bad@"}, {"conflictEmails", "ada@example.com"}};
  EXPECT_EQ(nlohmann::json::parse(answer_of(result).body),
            (nlohmann::json{{"successCount", 1},
                            {"failCount", 2},
                            {"invalidEmails", {"bad@"}},
                            {"invalidUserIds", nlohmann::json::array()},
                            {"validEmailFailures", {"ada@example.com"}},
                            {"validUserIdFailures", nlohmann::json::array()}}));
}

TEST(IntakeReply, AnEventForTooManyIsRefused) {
  IntakeResult result;
  result.endpoint = IntakeRequest::Endpoint::kEventsTrack;
  result.failures = {{std::string(kTooManyUsers), "paid"}};
  const IntakeAnswer answer = answer_of(result);
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find(R"("code":"TooManyUsers")"), std::string::npos) << answer.body;
}

TEST(IntakeReply, WhatIsTurnedAwayIsToBeSentAgainOrDivided) {
  IntakeResult result;
  result.endpoint = IntakeRequest::Endpoint::kEventsTrackBulk;
  result.turned_away = IntakeResult::TurnedAway::kFull;
  EXPECT_EQ(answer_of(result).status, 429);
  result.turned_away = IntakeResult::TurnedAway::kTooLarge;
  EXPECT_EQ(answer_of(result).status, 413);
}

}  // namespace
}  // namespace sojourn::runtime
