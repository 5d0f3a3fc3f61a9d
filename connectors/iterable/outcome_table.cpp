#include "connectors/iterable/outcome_table.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "base/check.h"
#include "connectors/iterable/answer.h"
#include "connectors/retry_after.h"

namespace sojourn::connectors::iterable {
namespace {

constexpr std::uint8_t kSend = static_cast<std::uint8_t>(Endpoint::kSend);
constexpr std::uint8_t kTakeAway = static_cast<std::uint8_t>(Endpoint::kTakeAway);
// Where a repeat changes nothing.
constexpr std::uint8_t kSafe = static_cast<std::uint8_t>(Endpoint::kRepeat) | kTakeAway;
constexpr std::uint8_t kAny = kSend | kSafe;

constexpr OutcomeKind kAccepted = OutcomeKind::kAccepted;
constexpr OutcomeKind kRejected = OutcomeKind::kRejected;
constexpr OutcomeKind kRetry = OutcomeKind::kRetry;
constexpr OutcomeKind kUnknown = OutcomeKind::kUnknown;
constexpr OutcomeKind kHalt = OutcomeKind::kHalt;

// The status decides; `code` only tells apart what shares one. It is never asked
// whether the code says `Success`: that has been seen on a 400 and on a 401.
//
// When a send may have been taken. Nobody answered: the bytes may have arrived. A
// 502 or 504 comes from a gateway that had passed the request on. A 500 without
// one of Iterable's codes comes from something between us and the part that
// queues messages. With a code, or as a 503, it is a refusal: the message was not
// queued. In all unknown cases a delivery at least once is tried again, after a
// look where that is possible; one at most once is not.
//
// A 404 with a code says that the project lacks the feature, so this send is
// refused. Without one, like a redirect, it did not come from Iterable's
// interface at all: the base URL is wrong, and every other message would be lost
// to the same mistake, so everything stops.
constexpr auto kTable = std::to_array<OutcomeRow>({
    // endpoints, statuses, code, only just updated, kind, reason, unreachable
    {kAny, kNothingSent, kNothingSent, "", false, kRetry, "no_connection", false},
    {kSend, kNoAnswer, kNoAnswer, "", false, kUnknown, "no_answer", false},
    {kSafe, kNoAnswer, kNoAnswer, "", false, kRetry, "no_answer", false},

    {kAny, 200, 299, "", false, kAccepted, "accepted", false},
    {kAny, 300, 399, "", false, kHalt, "not_iterable", false},

    {kAny, 400, 400, "InvalidJwtPayload", false, kHalt, "bad_key", false},
    {kAny, 400, 400, "JwtUserIdentifiersMismatched", false, kHalt, "bad_key", false},
    // What is to be taken away is not there.
    {kTakeAway, 400, 400, "BadParams", false, kAccepted, "accepted", false},
    {kTakeAway, 400, 400, "UnknownEmailError", false, kAccepted, "accepted", false},
    {kTakeAway, 400, 400, "UnknownUserIdError", false, kAccepted, "accepted", false},
    {kTakeAway, 400, 400, "ForgottenUserError", false, kAccepted, "accepted", false},
    {kTakeAway, 409, 409, "ForgottenUserError", false, kAccepted, "accepted", false},
    {kTakeAway, 404, 404, "*", false, kAccepted, "accepted", false},
    {kAny, 400, 400, "UnknownEmailError", true, kRetry, "not_known_yet", false},
    {kAny, 400, 400, "UnknownUserIdError", true, kRetry, "not_known_yet", false},
    {kAny, 400, 400, "UnknownEmailError", false, kRejected, "unknown_email", true},
    {kAny, 400, 400, "UnknownUserIdError", false, kRejected, "unknown_user_id", true},
    {kAny, 400, 400, "InvalidEmailAddressError", false, kRejected, "invalid_email", true},
    {kAny, 400, 400, "InvalidUserIdError", false, kRejected, "invalid_user_id", true},
    {kAny, 400, 400, "ForgottenUserError", false, kRejected, "forgotten_user", true},
    {kAny, 400, 400, "RequestFieldsTypesMismatched", false, kRejected, "wrong_types", false},
    {kAny, 400, 400, "UniqueFieldsLimitExceeded", false, kRejected, "too_many_fields", false},
    {kAny, 400, 400, "EmailAlreadyExists", false, kRejected, "conflict", false},
    {kAny, 400, 400, "UserIdAlreadyExists", false, kRejected, "conflict", false},
    {kAny, 400, 400, "Conflict", false, kRejected, "conflict", false},
    {kAny, 400, 400, "BatchTooLarge", false, kRejected, "too_large", false},
    {kAny, 400, 400, "", false, kRejected, "refused", false},

    {kAny, 401, 401, "", false, kHalt, "bad_key", false},
    {kAny, 403, 403, "", false, kRejected, "forbidden", false},
    {kAny, 404, 404, "*", false, kRejected, "not_found", false},
    {kAny, 404, 404, "", false, kHalt, "not_iterable", false},
    {kAny, 408, 408, "", false, kRetry, "request_timeout", false},
    {kAny, 409, 409, "ForgottenUserError", false, kRejected, "forgotten_user", true},
    {kAny, 409, 409, "", false, kRejected, "conflict", false},
    {kAny, 413, 413, "", false, kRejected, "too_large", false},
    {kAny, 429, 429, "", false, kRetry, "rate_limited", false},
    {kAny, 402, 499, "", false, kRejected, "refused", false},

    {kAny, 500, 500, "*", false, kRetry, "server_error", false},
    {kAny, 503, 503, "", false, kRetry, "server_error", false},
    {kSafe, 500, 599, "", false, kRetry, "server_error", false},
    {kSend, 502, 502, "", false, kUnknown, "gateway_error", false},
    {kSend, 504, 504, "", false, kUnknown, "gateway_error", false},
    {kSend, 500, 599, "", false, kUnknown, "server_error", false},

    // No status that HTTP knows as an answer: somebody else's protocol.
    {kSend, -1000, 1000, "", false, kUnknown, "not_http", false},
    {kSafe, -1000, 1000, "", false, kRetry, "not_http", false},
});

bool is_about_a_list(Endpoint endpoint) {
  return endpoint == Endpoint::kJoinList || endpoint == Endpoint::kLeaveList;
}

// The table has no rows of their own for lists.
Endpoint row_of(Endpoint endpoint) {
  return is_about_a_list(endpoint) ? Endpoint::kRepeat : endpoint;
}

bool fits(const OutcomeRow& row, Endpoint endpoint, int status, std::string_view code, Lag lag) {
  const bool code_fits = row.code.empty() || row.code == code || (row.code == "*" && !code.empty());
  return (row.endpoints & static_cast<std::uint8_t>(row_of(endpoint))) != 0 &&
         row.first_status <= status && status <= row.last_status && code_fits &&
         (!row.only_just_updated || lag == Lag::kJustUpdated);
}

// The code of the user whom a call about a list, itself taken, did not take.
std::string failure_in(Endpoint endpoint, std::string_view body) {
  std::string code = refused_user(body);
  const bool is_unknown = code == "UnknownEmailError" || code == "UnknownUserIdError";
  if (endpoint == Endpoint::kLeaveList && is_unknown) code.clear();
  return code;
}

Outcome look_up(Endpoint endpoint, int status, std::string_view code, Lag lag) {
  const int bounded = std::clamp(status, -1000, 1000);
  const auto* row = std::find_if(kTable.begin(), kTable.end(), [&](const OutcomeRow& candidate) {
    return fits(candidate, endpoint, bounded, code, lag);
  });
  SOJOURN_CHECK(row != kTable.end(), "the table ends with a row for everything");
  Outcome outcome;
  outcome.kind = row->kind;
  outcome.reason = row->reason;
  outcome.unreachable = row->unreachable;
  return outcome;
}

Outcome decide_response(Endpoint endpoint, const Response& response, Lag lag) {
  // An accepted request's body says nothing that we use, but for lists.
  const bool accepted = response.status >= 200 && response.status < 300;
  Answer answer = accepted ? Answer{} : parse_answer(response.body);
  if (accepted && is_about_a_list(endpoint)) answer.code = failure_in(endpoint, response.body);
  const int status = accepted && !answer.code.empty() ? 400 : response.status;
  Outcome outcome = look_up(endpoint, status, answer.code, lag);
  if (outcome.kind == OutcomeKind::kAccepted) return outcome;
  outcome.retry_after = connectors::retry_after(response.retry_after);
  outcome.status = response.status;
  outcome.message = fmt::format("status {}", response.status);
  if (!answer.code.empty()) outcome.message += fmt::format(" {}", answer.code);
  if (!answer.words.empty()) outcome.message += fmt::format(": {}", answer.words);
  return outcome;
}

}  // namespace

Outcome decide_item(std::string_view code, Lag lag) {
  constexpr int kRefused = 400;
  Outcome outcome = look_up(Endpoint::kRepeat, kRefused, code, lag);
  outcome.status = kRefused;
  outcome.message = fmt::format("refused within a bulk call: {}", code);
  return outcome;
}

std::span<const OutcomeRow> outcome_table() {
  return kTable;
}

Outcome decide(Endpoint endpoint, const Attempt& attempt, Lag lag) {
  if (const auto* response = std::get_if<Response>(&attempt)) {
    return decide_response(endpoint, *response, lag);
  }
  const auto& failure = std::get<TransportFailure>(attempt);
  Outcome outcome = look_up(endpoint, failure.maybe_received ? kNoAnswer : kNothingSent, {}, lag);
  outcome.message = failure.message;
  return outcome;
}

}  // namespace sojourn::connectors::iterable
