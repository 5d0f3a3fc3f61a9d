#include "connectors/iterable/outcome_table.h"

#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <string>

namespace sojourn::connectors::iterable {
namespace {

std::string code(const std::string& name) {
  return R"({"msg":"words","code":")" + name + R"(","params":null})";
}

// "retry rate_limited", with " unreachable" where the `else` runs.
std::string verdict(Endpoint endpoint, int status, const std::string& body = "",
                    Lag lag = Lag::kNone) {
  const Outcome outcome = decide(endpoint, Response{status, "", body}, lag);
  return std::string(to_string(outcome.kind)) + " " + std::string(outcome.reason) +
         (outcome.unreachable ? " unreachable" : "");
}
std::string send_verdict(int status, const std::string& body = "") {
  return verdict(Endpoint::kSend, status, body);
}
std::string repeat_verdict(int status, const std::string& body = "") {
  return verdict(Endpoint::kRepeat, status, body);
}

TEST(OutcomeTable, TheStatusDecidesNotTheCode) {
  EXPECT_EQ(send_verdict(200, code("Success")), "accepted accepted");
  EXPECT_EQ(send_verdict(202, "not JSON"), "accepted accepted");
  EXPECT_EQ(send_verdict(400, code("Success")), "rejected refused");
  EXPECT_EQ(send_verdict(401, code("Success")), "halt bad_key");
}

TEST(OutcomeTable, ABadKeyStopsEverything) {
  EXPECT_EQ(send_verdict(401, code("BadApiKey")), "halt bad_key");
  EXPECT_EQ(repeat_verdict(401), "halt bad_key");
  EXPECT_EQ(send_verdict(400, code("InvalidJwtPayload")), "halt bad_key");
  EXPECT_EQ(send_verdict(400, code("JwtUserIdentifiersMismatched")), "halt bad_key");
}

TEST(OutcomeTable, AnUnreachablePersonIsTheOnlyCauseForTheElse) {
  EXPECT_EQ(send_verdict(400, code("InvalidEmailAddressError")),
            "rejected invalid_email unreachable");
  EXPECT_EQ(send_verdict(400, code("InvalidUserIdError")), "rejected invalid_user_id unreachable");
  EXPECT_EQ(send_verdict(400, code("UnknownEmailError")), "rejected unknown_email unreachable");
  EXPECT_EQ(send_verdict(400, code("UnknownUserIdError")), "rejected unknown_user_id unreachable");
  EXPECT_EQ(send_verdict(400, code("ForgottenUserError")), "rejected forgotten_user unreachable");
  EXPECT_EQ(send_verdict(409, code("ForgottenUserError")), "rejected forgotten_user unreachable");
  std::set<std::string_view> reasons;
  for (const OutcomeRow& row : outcome_table()) {
    if (!row.unreachable) continue;
    EXPECT_EQ(row.kind, OutcomeKind::kRejected) << row.reason;
    reasons.insert(row.reason);
  }
  EXPECT_EQ(reasons.size(), 5u);
}

TEST(OutcomeTable, AnUnknownUserIsNoVerdictWhileAnUpdateMayBeOnItsWay) {
  EXPECT_EQ(verdict(Endpoint::kSend, 400, code("UnknownEmailError"), Lag::kJustUpdated),
            "retry not_known_yet");
  EXPECT_EQ(verdict(Endpoint::kSend, 400, code("UnknownUserIdError"), Lag::kJustUpdated),
            "retry not_known_yet");
  EXPECT_EQ(verdict(Endpoint::kSend, 400, code("ForgottenUserError"), Lag::kJustUpdated),
            "rejected forgotten_user unreachable");
}

// What the sandbox answers, too.
std::string bulk(const std::string& failed) {
  return R"({"successCount":0,"failCount":1,"failedUpdates":{"invalidEmails":[],)" + failed + "}}";
}

TEST(OutcomeTable, ACallAboutAListSaysInItsBodyWhetherTheUserWasTaken) {
  const auto join = [](const std::string& body, Lag lag = Lag::kNone) {
    return verdict(Endpoint::kJoinList, 200, body, lag);
  };
  EXPECT_EQ(join(R"({"successCount":1,"failCount":0,"failedUpdates":{}})"), "accepted accepted");
  EXPECT_EQ(join("not JSON"), "accepted accepted");
  EXPECT_EQ(join(R"({"failCount":1,"failedUpdates":{"invalidEmails":["a"]}})"),
            "rejected invalid_email unreachable");
  EXPECT_EQ(join(bulk(R"("notFoundUserIds":["u"])")), "rejected unknown_user_id unreachable");
  EXPECT_EQ(join(bulk(R"("notFoundUserIds":["u"])"), Lag::kJustUpdated), "retry not_known_yet");
  EXPECT_EQ(join(bulk(R"("forgottenEmails":["a"])")), "rejected forgotten_user unreachable");
  EXPECT_EQ(join(bulk(R"("invalidDataEmails":["a"])")), "rejected wrong_types");
  EXPECT_EQ(join(bulk(R"("conflictEmails":["a"])")), "rejected conflict");
  EXPECT_EQ(join(R"({"successCount":0,"failCount":1})"), "rejected refused");
}

TEST(OutcomeTable, WhoIsNotOnAListHasLeftIt) {
  const auto leave = [](const std::string& body) {
    return verdict(Endpoint::kLeaveList, 200, body);
  };
  EXPECT_EQ(leave(bulk(R"("notFoundEmails":["a"])")), "accepted accepted");
  EXPECT_EQ(leave(bulk(R"("forgottenEmails":["a"])")), "rejected forgotten_user unreachable");
}

TEST(OutcomeTable, ARepeatOfACallAboutAListChangesNothing) {
  for (const Endpoint endpoint : {Endpoint::kJoinList, Endpoint::kLeaveList}) {
    EXPECT_EQ(verdict(endpoint, 502), "retry server_error");
    EXPECT_EQ(verdict(endpoint, 400, code("Success")), "rejected refused") << "an unknown list";
    EXPECT_EQ(decide(endpoint, TransportFailure{true, "reset"}).kind, OutcomeKind::kRetry);
  }
}

TEST(OutcomeTable, WhatIsToBeTakenAwayAndIsNotThereHasGone) {
  const auto gone = [](int status, const std::string& body) {
    return verdict(Endpoint::kTakeAway, status, body);
  };
  EXPECT_EQ(gone(400, code("BadParams")), "accepted accepted") << "no scheduled message";
  EXPECT_EQ(gone(400, code("UnknownUserIdError")), "accepted accepted");
  EXPECT_EQ(gone(400, code("ForgottenUserError")), "accepted accepted");
  EXPECT_EQ(gone(409, code("ForgottenUserError")), "accepted accepted");
  EXPECT_EQ(gone(404, code("error.catalogs.notFound")), "accepted accepted");
  EXPECT_EQ(gone(404, "<html>"), "halt not_iterable");
  EXPECT_EQ(gone(400, code("InvalidEmailAddressError")), "rejected invalid_email unreachable");
  EXPECT_EQ(gone(502, ""), "retry server_error");
  EXPECT_EQ(decide(Endpoint::kTakeAway, TransportFailure{true, "reset"}).kind, OutcomeKind::kRetry);
}

TEST(OutcomeTable, ANameThatSomebodyElseHasIsAConflict) {
  EXPECT_EQ(send_verdict(400, code("EmailAlreadyExists")), "rejected conflict");
  EXPECT_EQ(send_verdict(400, code("UserIdAlreadyExists")), "rejected conflict");
}

TEST(OutcomeTable, OtherCallerErrorsAreNeverRepeated) {
  EXPECT_EQ(send_verdict(400, code("BadParams")), "rejected refused");
  EXPECT_EQ(send_verdict(400, code("BadJsonBody")), "rejected refused");
  EXPECT_EQ(send_verdict(400, code("GenericError")), "rejected refused");
  EXPECT_EQ(send_verdict(400, code("QueueEmailError")), "rejected refused");
  EXPECT_EQ(send_verdict(400, "plain text"), "rejected refused");
  EXPECT_EQ(repeat_verdict(400, code("RequestFieldsTypesMismatched")), "rejected wrong_types");
  EXPECT_EQ(repeat_verdict(400, code("UniqueFieldsLimitExceeded")), "rejected too_many_fields");
  EXPECT_EQ(repeat_verdict(400, code("BatchTooLarge")), "rejected too_large");
  EXPECT_EQ(send_verdict(403, code("Forbidden")), "rejected forbidden");
  EXPECT_EQ(repeat_verdict(409, code("Conflict")), "rejected conflict");
  EXPECT_EQ(send_verdict(413), "rejected too_large");
  EXPECT_EQ(send_verdict(402), "rejected refused");
  EXPECT_EQ(send_verdict(422), "rejected refused");
  EXPECT_EQ(send_verdict(499), "rejected refused");
}

TEST(OutcomeTable, AnAnswerThatIsNotIterablesStopsEverything) {
  EXPECT_EQ(send_verdict(404, code("NotFound")), "rejected not_found");
  EXPECT_EQ(send_verdict(404, "<html>not found</html>"), "halt not_iterable");
  EXPECT_EQ(send_verdict(301), "halt not_iterable");
}

TEST(OutcomeTable, LimitsAndRefusalsByTheServerAreTriedAgain) {
  for (const Endpoint endpoint : {Endpoint::kSend, Endpoint::kRepeat}) {
    EXPECT_EQ(verdict(endpoint, 429, code("RateLimitExceeded")), "retry rate_limited");
    EXPECT_EQ(verdict(endpoint, 500, code("GenericError")), "retry server_error");
    EXPECT_EQ(verdict(endpoint, 500, code("QueueEmailError")), "retry server_error");
    EXPECT_EQ(verdict(endpoint, 500, code("DatabaseError")), "retry server_error");
    EXPECT_EQ(verdict(endpoint, 503), "retry server_error");
    EXPECT_EQ(verdict(endpoint, 408), "retry request_timeout");
  }
}

TEST(OutcomeTable, ASendThatAGatewayGaveUpOnIsInDoubt) {
  EXPECT_EQ(send_verdict(502), "unknown gateway_error");
  EXPECT_EQ(send_verdict(504), "unknown gateway_error");
  EXPECT_EQ(send_verdict(500, "<html>oops</html>"), "unknown server_error");
  EXPECT_EQ(send_verdict(520), "unknown server_error");
  EXPECT_EQ(repeat_verdict(502), "retry server_error");
  EXPECT_EQ(repeat_verdict(504), "retry server_error");
  EXPECT_EQ(repeat_verdict(500, "<html>oops</html>"), "retry server_error");
}

TEST(OutcomeTable, WithoutAnAnswerOnlyASendIsInDoubt) {
  const auto outcome = [](Endpoint endpoint, bool maybe_received) {
    return decide(endpoint, TransportFailure{maybe_received, "connection reset"});
  };
  EXPECT_EQ(outcome(Endpoint::kSend, true).kind, OutcomeKind::kUnknown);
  EXPECT_EQ(outcome(Endpoint::kSend, true).reason, "no_answer");
  EXPECT_EQ(outcome(Endpoint::kSend, true).message, "connection reset");
  EXPECT_EQ(outcome(Endpoint::kSend, false).kind, OutcomeKind::kRetry);
  EXPECT_EQ(outcome(Endpoint::kSend, false).reason, "no_connection");
  EXPECT_EQ(outcome(Endpoint::kRepeat, true).kind, OutcomeKind::kRetry);
  EXPECT_EQ(outcome(Endpoint::kRepeat, false).kind, OutcomeKind::kRetry);
}

TEST(OutcomeTable, DecidesOnEveryNumber) {
  for (const int status : {-2'000'000, -3, 0, 99, 100, 199, 600, 999, 2'000'000}) {
    EXPECT_EQ(send_verdict(status), "unknown not_http") << status;
    EXPECT_EQ(repeat_verdict(status), "retry not_http") << status;
  }
}

// A row that nothing reaches is a mistake in the order of the table.
TEST(OutcomeTable, NoRowIsHiddenByThoseAboveIt) {
  const auto row_for = [](Endpoint endpoint, int status, std::string_view name, Lag lag) {
    for (const OutcomeRow& row : outcome_table()) {
      const bool code_fits =
          row.code.empty() || row.code == name || (row.code == "*" && !name.empty());
      if ((row.endpoints & static_cast<std::uint8_t>(endpoint)) != 0 &&
          row.first_status <= status && status <= row.last_status && code_fits &&
          (!row.only_just_updated || lag == Lag::kJustUpdated)) {
        return &row;
      }
    }
    return static_cast<const OutcomeRow*>(nullptr);
  };
  std::set<std::string_view> names{"", "Other"};
  for (const OutcomeRow& row : outcome_table()) names.insert(row.code == "*" ? "" : row.code);
  std::set<const OutcomeRow*> reached;
  for (int status = -1000; status <= 1000; ++status) {
    for (const std::string_view name : names) {
      for (const Endpoint endpoint : {Endpoint::kSend, Endpoint::kRepeat, Endpoint::kTakeAway}) {
        reached.insert(row_for(endpoint, status, name, Lag::kNone));
        reached.insert(row_for(endpoint, status, name, Lag::kJustUpdated));
      }
    }
  }
  EXPECT_FALSE(reached.contains(nullptr));
  for (const OutcomeRow& row : outcome_table()) {
    EXPECT_TRUE(reached.contains(&row))
        << row.first_status << " " << row.code << " " << row.reason << " is never reached";
  }
}

TEST(OutcomeTable, EveryReasonIsInTheManual) {
  std::ifstream file(SOJOURN_SOURCE_DIR "/docs/iterable.md");
  std::stringstream manual;
  manual << file.rdbuf();
  ASSERT_FALSE(manual.str().empty());
  for (const OutcomeRow& row : outcome_table()) {
    EXPECT_NE(manual.str().find("`" + std::string(row.reason) + "`"), std::string::npos)
        << "docs/iterable.md does not list `" << row.reason << "`";
  }
}

TEST(OutcomeTable, ReadsRetryAfterInSeconds) {
  const auto asked = [](const std::string& header) {
    return decide(Endpoint::kSend, Response{429, header, ""}).retry_after;
  };
  EXPECT_EQ(asked("60"), base::seconds(60));
  EXPECT_EQ(asked("0"), base::seconds(0));
  EXPECT_EQ(asked(""), std::nullopt);
  EXPECT_EQ(asked("-1"), std::nullopt);
  EXPECT_EQ(asked("1.5"), std::nullopt);
  EXPECT_EQ(asked("Wed, 21 Oct 2026 07:28:00 GMT"), std::nullopt);
  EXPECT_EQ(asked("9223372036854775807"), base::seconds(864'000));
  EXPECT_EQ(asked("99999999999999999999"), std::nullopt);
}

TEST(OutcomeTable, TellsTheOperatorWhatIterableSaid) {
  const auto said = [](const std::string& body) {
    return decide(Endpoint::kSend, Response{400, "", body}).message;
  };
  EXPECT_EQ(said(R"({"msg":"Invalid campaignId","code":"BadParams","params":{"campaignId":"42"}})"),
            "status 400 BadParams: Invalid campaignId");
  EXPECT_EQ(said("Json error:\n here"), "status 400: Json error:  here");
  EXPECT_EQ(said(""), "status 400");
  EXPECT_EQ(said("[1,2]"), "status 400: [1,2]");
  EXPECT_EQ(said(R"({"code":"two words","msg":7})"), "status 400");
}

TEST(OutcomeTable, KeepsHostileWordsShortAndWellFormed) {
  const auto said = [](const std::string& body) {
    return decide(Endpoint::kSend, Response{400, "", body}).message;
  };
  EXPECT_EQ(said(std::string(1'000'000, '[')).size(), std::string("status 400: ").size() + 300);
  EXPECT_EQ(said("caf\xc3"), "status 400: caf");
  // The cut falls into the last character, which goes as a whole.
  EXPECT_EQ(said(std::string(299, 'x') + "\xc3\xa9"), "status 400: " + std::string(299, 'x'));
  EXPECT_EQ(said("\x1b[31mred\x7f"), "status 400:  [31mred ");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
