#include "connectors/iterable/bulk.h"

#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {
namespace {

BulkItem update_of(const Recipient& user) {
  UpdateCommand command;
  command.user = user;
  command.fields = {{"plan", graph::Value("pro")}};
  return {users_update(command)->body};
}

BulkItem event_of(const Recipient& user, const std::string& name) {
  TrackCommand command;
  command.user = user;
  command.wire_name = name;
  command.created_at = base::Instant{1'772'355'600'000};
  command.message_key = *base::Hash128::from_hex("0123456789abcdeffedcba9876543210");
  return {events_track(command).body};
}

const Recipient kAda{"Ada@example.com", ""};
const Recipient kBob{"", "u-77"};

std::vector<BulkItem> two_updates() {
  return {update_of(kAda), update_of(kBob)};
}

// "accepted accepted, rejected forgotten_user", or "split".
std::string verdict(const std::vector<BulkItem>& items, const Attempt& attempt) {
  const BulkVerdict verdict = decide_bulk(items, attempt);
  EXPECT_EQ(verdict.outcomes.size(), verdict.split ? 0u : items.size());
  std::string out = verdict.split ? "split" : "";
  for (const Outcome& outcome : verdict.outcomes) {
    if (!out.empty()) out += ", ";
    out += std::string(to_string(outcome.kind)) + " " + std::string(outcome.reason);
  }
  return out;
}

std::string answer(int failures, const std::string& failed, const std::string& more = "") {
  return R"({"successCount":0,"failCount":)" + std::to_string(failures) +
         R"(,"createdFields":[],)" + more + R"("failedUpdates":{)" + failed + "}}";
}

TEST(Bulk, CountsItsBytes) {
  const std::vector<BulkItem> items = two_updates();
  std::size_t counted = bulk_bytes(kUsersBulkUpdate);
  for (const BulkItem& item : items) counted += item.body.size() + kBytesBetweenItems;
  EXPECT_EQ(bulk_request(kUsersBulkUpdate, items).body.size(), counted - kBytesBetweenItems);
}

TEST(Bulk, WithoutFailuresEachIsTaken) {
  EXPECT_EQ(verdict(two_updates(), Response{200, "", answer(0, "")}),
            "accepted accepted, accepted accepted");
  EXPECT_EQ(verdict(two_updates(), Response{200, "", "not JSON"}),
            "accepted accepted, accepted accepted");
}

TEST(Bulk, AFailureIsThatOfTheUserWhomItNames) {
  const auto of = [](const std::string& failed) {
    return verdict(two_updates(), Response{200, "", answer(1, failed)});
  };
  EXPECT_EQ(of(R"("invalidEmails":["ada@EXAMPLE.com"])"),
            "rejected invalid_email, accepted accepted");
  EXPECT_EQ(of(R"("notFoundUserIds":["u-77"])"), "accepted accepted, rejected unknown_user_id");
  EXPECT_EQ(of(R"("invalidDataUserIds":["u-77"])"), "accepted accepted, rejected wrong_types");
  EXPECT_EQ(of(R"("conflictUserIds":["u-77"])"), "accepted accepted, rejected conflict");
  EXPECT_EQ(of(R"("forgottenEmails":["ada@example.com"])"),
            "rejected forgotten_user, accepted accepted");
  EXPECT_EQ(of(R"("someNewUserIds":["u-77"])"), "accepted accepted, rejected refused");
  EXPECT_EQ(of(R"("noOpUserIds":["u-77"])"), "accepted accepted, accepted accepted");
}

TEST(Bulk, FailuresBesideFailedUpdatesCountToo) {
  EXPECT_EQ(
      verdict(two_updates(), Response{200, "", answer(1, "", R"("invalidUserIds":["u-77"],)")}),
      "accepted accepted, rejected invalid_user_id");
}

TEST(Bulk, AnEmptyNameIsNobodys) {
  EXPECT_EQ(verdict(two_updates(), Response{200, "", answer(1, R"("invalidEmails":[""])")}),
            "split");
  EXPECT_EQ(verdict(two_updates(), Response{200, "", answer(0, R"("invalidUserIds":[""])")}),
            "accepted accepted, accepted accepted");
  EXPECT_EQ(
      verdict(two_updates(), Response{200, "", answer(0, "", R"("disallowedEventNames":[""],)")}),
      "accepted accepted, accepted accepted");
}

TEST(Bulk, WhoWasJustUpdatedMayNotBeKnownYet) {
  std::vector<BulkItem> items = two_updates();
  items[1].just_updated = true;
  EXPECT_EQ(verdict(items, Response{200, "", answer(1, R"("notFoundUserIds":["u-77"])")}),
            "accepted accepted, retry not_known_yet");
}

TEST(Bulk, AnEventThatTheProjectDoesNotTakeIsRefused) {
  const std::vector<BulkItem> items{event_of(kAda, "Welcomed"), event_of(kAda, "Discarded")};
  EXPECT_EQ(
      verdict(items, Response{200, "", answer(1, "", R"("disallowedEventNames":["Discarded"],)")}),
      "accepted accepted, rejected event_not_taken");
}

TEST(Bulk, FailuresThatAreNotNamedAreFoundByParts) {
  const Response response{200, "", answer(1, "")};
  EXPECT_EQ(verdict(two_updates(), response), "split");
  EXPECT_EQ(verdict({update_of(kAda)}, response), "rejected refused");
}

TEST(Bulk, ARefusalOfTheWholeIsFoundByParts) {
  const auto refused = [](int status, const std::string& code) {
    const Response response{status, "", R"({"code":")" + code + R"("})"};
    return verdict(two_updates(), response) + "; " + verdict({update_of(kAda)}, response);
  };
  EXPECT_EQ(refused(400, "BatchTooLarge"), "split; rejected too_large");
  EXPECT_EQ(refused(413, ""), "split; rejected too_large");
  EXPECT_EQ(refused(400, "RequestFieldsTypesMismatched"), "split; rejected wrong_types");
  EXPECT_EQ(refused(409, "Conflict"), "split; rejected conflict");
}

TEST(Bulk, WhatIsNoFaultOfAnItemIsTheSameForEach) {
  EXPECT_EQ(verdict(two_updates(), Response{429, "30", ""}),
            "retry rate_limited, retry rate_limited");
  EXPECT_EQ(verdict(two_updates(), Response{401, "", ""}), "halt bad_key, halt bad_key");
  EXPECT_EQ(verdict(two_updates(), Response{400, "", R"({"code":"InvalidJwtPayload"})"}),
            "halt bad_key, halt bad_key");
  EXPECT_EQ(verdict(two_updates(), Response{502, "", ""}),
            "retry server_error, retry server_error");
  EXPECT_EQ(verdict(two_updates(), TransportFailure{true, "reset"}),
            "retry no_answer, retry no_answer");
  EXPECT_EQ(decide_bulk(two_updates(), Response{429, "30", ""}).outcomes.at(1).retry_after,
            base::seconds(30));
}

}  // namespace
}  // namespace sojourn::connectors::iterable
