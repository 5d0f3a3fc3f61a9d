#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "connectors/health.h"
#include "connectors/iterable/answer.h"
#include "connectors/iterable/bulk.h"
#include "connectors/iterable/outcome_table.h"
#include "connectors/iterable/sent_messages.h"
#include "connectors/json_value.h"
#include "connectors/webhook/answer.h"
#include "runtime/intake_forward.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/world.h"

namespace sojourn::fuzz {
namespace {

using connectors::Attempt;
using connectors::Outcome;
using connectors::OutcomeKind;
using connectors::Response;
using connectors::iterable::Endpoint;
using connectors::iterable::Lag;

constexpr std::int64_t kCampaign = 11;
constexpr base::Millis kTenDays = base::days24(10);
// Status, code and words of an outcome, or what it says of an event by its name.
constexpr std::size_t kMaxMessage = 512;

// The first line of the input: a status, and what stands behind it as Retry-After.
Response response_of(std::string_view input) {
  const std::size_t end = input.find('\n');
  std::string_view line = input.substr(0, end);
  Response response;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), response.status);
  line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
  if (line.starts_with(' ')) line.remove_prefix(1);
  response.retry_after = line;
  if (end != std::string_view::npos) response.body = input.substr(end + 1);
  return response;
}

bool is_taken(int status) {
  return status >= 200 && status < 300;
}

void check_message(std::string_view message) {
  SOJOURN_CHECK(!base::first_invalid_utf8(message), "a message is UTF-8");
  SOJOURN_CHECK(
      std::ranges::none_of(message,
                           [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }),
      "a message is one line");
  SOJOURN_CHECK(message.size() <= kMaxMessage, "a message is cut");
}

void check_wait(const std::optional<base::Millis>& wait) {
  SOJOURN_CHECK(!wait || (wait->count >= 0 && *wait <= kTenDays),
                "nobody is made to wait for ever");
}

void check_outcome(const Outcome& outcome) {
  SOJOURN_CHECK(!outcome.reason.empty(), "an outcome has a reason");
  SOJOURN_CHECK(!outcome.unreachable || outcome.kind == OutcomeKind::kRejected,
                "who cannot be reached was refused");
  check_message(outcome.message);
  check_wait(outcome.retry_after);
}

void check_single(const Response& response) {
  for (const Endpoint endpoint : {Endpoint::kSend, Endpoint::kRepeat, Endpoint::kJoinList,
                                  Endpoint::kLeaveList, Endpoint::kTakeAway}) {
    for (const Lag lag : {Lag::kNone, Lag::kJustUpdated}) {
      const Outcome outcome = connectors::iterable::decide(endpoint, response, lag);
      check_outcome(outcome);
      const bool accepted = outcome.kind == OutcomeKind::kAccepted;
      if (endpoint == Endpoint::kSend || endpoint == Endpoint::kRepeat) {
        SOJOURN_CHECK(accepted == is_taken(response.status), "the status decides, not the words");
      }
      SOJOURN_CHECK(outcome.kind != OutcomeKind::kUnknown || endpoint == Endpoint::kSend,
                    "only what counts twice is in doubt");
    }
  }
  const auto answer = connectors::iterable::parse_answer(response.body);
  check_message(answer.words);
  SOJOURN_CHECK(answer.words.size() <= connectors::iterable::kMaxWords, "words are cut");
}

// Whether the answer has the name in it, as it stands there or in other letters.
bool names(const Response& response, std::string_view name) {
  const auto answer = connectors::iterable::parse_bulk_answer(response.body);
  return answer && (answer->emails.contains(name) || answer->user_ids.contains(name) ||
                    answer->refused_events.contains(name));
}

void check_bulk(const Response& response) {
  const std::vector<connectors::iterable::BulkItem> items{
      {R"({"email":"Ada@Example.com","eventName":"login"})", false},
      {R"({"userId":"u-1","eventName":"signup"})", true},
      {R"({"email":"ben@example.com","userId":"u-2","eventName":"login"})", false}};
  constexpr std::array<std::array<std::string_view, 3>, 3> kNames{
      {{"ada@example.com", "login", "login"},
       {"u-1", "signup", "signup"},
       {"ben@example.com", "u-2", "login"}}};
  const auto verdict = connectors::iterable::decide_bulk(items, response);
  SOJOURN_CHECK(verdict.outcomes.size() == (verdict.split ? 0 : items.size()),
                "each item has an outcome, unless the call is divided");
  for (std::size_t i = 0; i < verdict.outcomes.size(); ++i) {
    check_outcome(verdict.outcomes[i]);
    if (!is_taken(response.status) || verdict.outcomes[i].kind == OutcomeKind::kAccepted) continue;
    SOJOURN_CHECK(
        std::ranges::any_of(kNames.at(i), [&](auto name) { return names(response, name); }),
        "an item of a call that was taken is refused by its own name");
  }
  const auto one = connectors::iterable::decide_bulk({items.data(), 1}, response);
  SOJOURN_CHECK(!one.split && one.outcomes.size() == 1, "one item is not divided");
  check_outcome(one.outcomes[0]);
}

void check_look_up(const Response& response) {
  using connectors::iterable::LookUp;
  const LookUp found = connectors::iterable::read_sent_messages(kCampaign, response);
  check_message(found.message);
  check_wait(found.retry_after);
  SOJOURN_CHECK(found.kind != LookUp::Kind::kListed || is_taken(response.status),
                "only an answer that was given lists anything");
  SOJOURN_CHECK(found.kind == LookUp::Kind::kListed || found.listed == 0,
                "nothing is listed by no list");
}

void check_reply(const std::vector<graph::TypedField>& returns,
                 const std::vector<graph::Field>& reply) {
  base::ByteWriter out;
  for (std::size_t i = 0; i < reply.size(); ++i) {
    SOJOURN_CHECK(i == 0 || reply[i - 1].first < reply[i].first, "a reply is sorted");
    out.string(reply[i].first);
    graph::encode_value(reply[i].second, out);
  }
  SOJOURN_CHECK(out.bytes().size() <= connectors::webhook::kMaxReplyBytes, "a reply is small");
  for (const graph::TypedField& field : returns) {
    SOJOURN_CHECK(connectors::is_whole(graph::find_field(reply, field.name), field.type),
                  "a reply has what is declared");
  }
}

void check_webhook(const Response& response) {
  const auto& returns = world_catalog().webhooks.at(0).returns;
  const auto decision = connectors::webhook::decide(returns, response);
  check_outcome(decision.outcome);
  const OutcomeKind kind = decision.outcome.kind;
  SOJOURN_CHECK(kind == OutcomeKind::kAccepted || kind == OutcomeKind::kRejected ||
                    kind == OutcomeKind::kRetry,
                "a call never ends in doubt");
  SOJOURN_CHECK(decision.reply.has_value() == (kind == OutcomeKind::kAccepted),
                "a reply comes with an answer that is taken, and only then");
  if (decision.reply) check_reply(returns, *decision.reply);
}

// What is left of a request of three items, of which Iterable took what the answer says.
void check_kept(const Response& response) {
  runtime::IntakeRequest request;
  request.endpoint = runtime::IntakeRequest::Endpoint::kEventsTrackBulk;
  for (const char* name : {"ada@example.com", "ben@example.com", "cy@example.com"}) {
    runtime::IntakeEvent event;
    event.person.email = name;
    event.wire_name = "login";
    request.items.emplace_back(std::move(event));
  }
  runtime::keep_taken(request, response.status, response.body);
  SOJOURN_CHECK(request.items.size() <= 3, "nothing is taken that was not asked for");
  SOJOURN_CHECK(request.items.empty() || is_taken(response.status),
                "nothing is taken that Iterable refused");
}

}  // namespace

void hold_answer_claims(std::string_view input) {
  const Response response = response_of(input);
  check_single(response);
  check_bulk(response);
  check_look_up(response);
  check_webhook(response);
  check_kept(response);
  SOJOURN_CHECK(
      !is_taken(response.status) || connectors::health_of(response) == connectors::Health::kWell,
      "who takes something is well");
}

}  // namespace sojourn::fuzz
