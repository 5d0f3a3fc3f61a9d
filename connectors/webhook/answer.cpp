#include "connectors/webhook/answer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <simdjson.h>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "connectors/json_value.h"
#include "connectors/retry_after.h"

namespace sojourn::connectors::webhook {
namespace {

using simdjson::dom::element;

constexpr OutcomeKind kAccepted = OutcomeKind::kAccepted;
constexpr OutcomeKind kRejected = OutcomeKind::kRejected;
constexpr OutcomeKind kRetry = OutcomeKind::kRetry;

// Read from the top, first row that fits. A service that is busy, or that broke down,
// is asked again while there is time; one that says no is taken at its word. A redirect
// is not followed: where it leads is on nobody's allow-list.
constexpr auto kTable = std::to_array<OutcomeRow>({
    {kInVain, kInVain, kRejected, "not_callable"},
    {kNothingSent, kNothingSent, kRetry, "no_connection"},
    {kNoAnswer, kNoAnswer, kRetry, "no_answer"},
    {200, 299, kAccepted, "answered"},
    {300, 399, kRejected, "redirected"},
    {408, 408, kRetry, "request_timeout"},
    {425, 425, kRetry, "too_early"},
    {429, 429, kRetry, "rate_limited"},
    {400, 499, kRejected, "refused"},
    {500, 599, kRetry, "server_error"},
    {-1000, 1000, kRejected, "not_http"},
});

Outcome look_up(int status) {
  const int bounded = std::clamp(status, -1000, 1000);
  const auto* row = std::find_if(kTable.begin(), kTable.end(), [&](const OutcomeRow& candidate) {
    return candidate.first_status <= bounded && bounded <= candidate.last_status;
  });
  SOJOURN_CHECK(row != kTable.end(), "the table ends with a row for everything");
  Outcome outcome;
  outcome.kind = row->kind;
  outcome.reason = row->reason;
  return outcome;
}

std::size_t stored_bytes(const std::vector<graph::Field>& fields) {
  base::ByteWriter out;
  for (const auto& [name, value] : fields) {
    out.string(name);
    graph::encode_value(value, out);
  }
  return out.bytes().size();
}

// The reply, or what is wrong with the answer.
struct Reading {
  std::optional<std::vector<graph::Field>> reply;
  std::string fault;
};

Reading read(std::span<const graph::TypedField> returns, std::string_view body) {
  if (body.size() > kMaxAnswerBytes) return {{}, "the answer is larger than allowed"};
  // Who wants nothing of the answer does not mind what it is.
  if (returns.empty()) return {std::vector<graph::Field>{}, {}};
  simdjson::dom::parser parser;
  element json;
  simdjson::dom::object object;
  if (parser.allocate(kMaxAnswerBytes + 1, kMaxAnswerDepth) != simdjson::SUCCESS ||
      parser.parse(body.data(), body.size()).get(json) != simdjson::SUCCESS ||
      json.get(object) != simdjson::SUCCESS) {
    return {{}, "the answer is not a JSON object"};
  }
  std::vector<graph::Field> reply;
  for (const graph::TypedField& field : returns) {
    graph::Value value;
    element item;
    if (object[field.name].get(item) == simdjson::SUCCESS) {
      auto typed = value_of_type(item, field.type);
      if (!typed) return {{}, fmt::format("`{}` is not what is declared", field.name)};
      value = std::move(*typed);
    }
    if (!is_whole(value, field.type)) {
      return {{}, fmt::format("`{}` is not what is declared", field.name)};
    }
    if (!value.is_missing()) reply.emplace_back(field.name, std::move(value));
  }
  std::sort(reply.begin(), reply.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  if (stored_bytes(reply) > kMaxReplyBytes) return {{}, "the reply is larger than allowed"};
  return {std::move(reply), {}};
}

}  // namespace

std::span<const OutcomeRow> outcome_table() {
  return kTable;
}

Decision decide(std::span<const graph::TypedField> returns, const Attempt& attempt) {
  Decision decision;
  if (const auto* failure = std::get_if<TransportFailure>(&attempt)) {
    const int sent = failure->maybe_received ? kNoAnswer : kNothingSent;
    decision.outcome = look_up(failure->in_vain ? kInVain : sent);
    decision.outcome.message = failure->message;
    return decision;
  }
  const auto& response = std::get<Response>(attempt);
  decision.outcome = look_up(response.status);
  decision.outcome.status = response.status;
  decision.outcome.message = fmt::format("status {}", response.status);
  if (decision.outcome.kind == kRetry) {
    decision.outcome.retry_after = retry_after(response.retry_after);
  }
  if (decision.outcome.kind != kAccepted) return decision;
  Reading reading = read(returns, response.body);
  decision.reply = std::move(reading.reply);
  if (decision.reply) return decision;
  decision.outcome.kind = kRejected;
  decision.outcome.reason = "wrong_answer";
  decision.outcome.message += ": " + reading.fault;
  return decision;
}

}  // namespace sojourn::connectors::webhook
