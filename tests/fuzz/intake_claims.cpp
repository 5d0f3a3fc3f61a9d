#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "runtime/erasing_forward.h"
#include "runtime/intake_consent.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_erasure.h"
#include "runtime/intake_parse.h"
#include "runtime/intake_reply.h"
#include "runtime/intake_words.h"
#include "runtime/program.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/told_request.h"
#include "tests/fuzz/world.h"

namespace sojourn::fuzz {
namespace {

using runtime::ForwardMode;
using runtime::IntakeAnswer;
using runtime::IntakeRequest;
using Endpoint = IntakeRequest::Endpoint;
using Parsed = tl::expected<IntakeRequest, IntakeAnswer>;

constexpr std::size_t kMaxItems = 12;
constexpr std::string_view kGeneratedId = "0123456789abcdef0123456789abcdef";

// How what comes goes on, by the word of the input's first line.
struct Mode {
  std::string_view word;
  ForwardMode forward = ForwardMode::kOff;
  bool has_shape = false;  // POST /v1/events in a form of its sender's
};
constexpr auto kModes = std::to_array<Mode>({{"off", ForwardMode::kOff, false},
                                             {"ask", ForwardMode::kAsk, false},
                                             {"queue", ForwardMode::kQueue, false},
                                             {"shape", ForwardMode::kOff, true}});

struct Call {
  std::string_view method = "POST";
  std::string_view path;
  std::string_view query;
  std::string_view body = "";  // a body that is empty is somewhere, too
  const Mode* mode = kModes.data();
};

std::string_view take_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
  return word;
}

Call call_of(std::string_view input) {
  Call call;
  const std::size_t end = input.find('\n');
  std::string_view line = input.substr(0, end);
  if (end != std::string_view::npos) call.body = input.substr(end + 1);
  call.method = take_word(line);
  const std::string_view target = take_word(line);
  const std::size_t question = target.find('?');
  call.path = target.substr(0, question);
  if (question != std::string_view::npos) call.query = target.substr(question + 1);
  const auto* mode = std::ranges::find(kModes, line, &Mode::word);
  if (mode != kModes.end()) call.mode = mode;
  return call;
}

runtime::IntakeMapping mapping_of(const Mode& mode) {
  runtime::IntakeMapping mapping;
  mapping.workflows = {{4711, "winback"}};
  mapping.purchase_event = "order";
  mapping.names_purchase_event = true;
  mapping.anonymous_is_user_id = mode.has_shape;
  if (mode.has_shape) {
    mapping.events = {"data.batch", "type", "who.mail", "who.id", "key", "at", "fields"};
  }
  return mapping;
}

// One for each mode, kept from input to input as the daemon keeps its own.
runtime::IntakeParser& kept_parser(const Mode& mode) {
  static std::array<std::unique_ptr<runtime::IntakeParser>, kModes.size()> parsers;
  auto& kept = parsers.at(static_cast<std::size_t>(&mode - kModes.data()));
  if (!kept) {
    kept = std::make_unique<runtime::IntakeParser>(
        world_program(), runtime::IntakeLimits{kMaxItems}, mapping_of(mode), mode.forward);
  }
  return *kept;
}

// As app/intake_api.cpp finds its way; nothing: there is no such path.
std::optional<Parsed> parsed(const Call& call, runtime::IntakeParser& parser) {
  if (runtime::consent_endpoint(call.method, call.path)) {
    return parser.parse_consent({call.method, call.path, call.query}, call.body);
  }
  if (call.method == "DELETE" && runtime::erases(call.method, call.path)) {
    return runtime::delete_request(call.path, call.mode->forward);
  }
  if (call.method != "POST") return std::nullopt;
  if (const auto endpoint = runtime::find_endpoint(call.path)) {
    return parser.parse(*endpoint, call.body, std::string(kGeneratedId));
  }
  if (const auto journey = runtime::journey_of(call.path)) {
    return parser.parse_entry(*journey, call.body, std::string(kGeneratedId));
  }
  return std::nullopt;
}

void check_answer(const IntakeAnswer& answer) {
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  SOJOURN_CHECK(json.is_object(), "an answer is a JSON object");
  SOJOURN_CHECK(json.contains("code") || json.contains("successCount") || json.contains("success"),
                "an answer has the shape of its path");
}

void check_refusal(const IntakeAnswer& answer) {
  check_answer(answer);
  SOJOURN_CHECK(answer.status >= 400 && answer.status <= 499, "what is refused is the sender's");
}

// What senders hear once it is durable.
void check_reply(const IntakeRequest& request) {
  runtime::IntakeResult result;
  result.endpoint = request.endpoint;
  result.accepted = request.items.size();
  result.failures = request.failures;
  result.refusals = request.refusals;
  result.filtered_out_fields = request.filtered_out_fields;
  result.answer_id = request.answer_id;
  const IntakeAnswer answer = runtime::answer_of(result);
  check_answer(answer);
  SOJOURN_CHECK(answer.status >= 200 && answer.status <= 499, "an answer is 2xx or a refusal");
}

// The item that goes on, read as if its sender had made this call alone.
void check_forward(const runtime::IntakeForward& forward, const runtime::IntakeItem& item) {
  const connectors::HttpRequest request = runtime::forwarded_request(forward.path, forward.body);
  const Call again{request.method, request.path, {}, request.body, &kModes[2]};
  SOJOURN_CHECK(again.path.starts_with("/api/"), "what goes on goes to Iterable");
  const auto read = parsed(again, kept_parser(*again.mode));
  if (!read) return;  // by a path that only Iterable has
  SOJOURN_CHECK(read->has_value() && (*read)->items.size() == 1,
                "what goes on of an item is one item again");
  SOJOURN_CHECK(told_but_for_id((*read)->items[0]) == told_but_for_id(item),
                "what goes on of an item is the item");
}

void check_taken(const IntakeRequest& request, const Mode& mode) {
  SOJOURN_CHECK(request.items.size() <= kMaxItems, "items are within their limit");
  for (const runtime::IntakeItem& item : request.items) check_item(item);
  for (const std::string& name : request.filtered_out_fields) {
    SOJOURN_CHECK(!base::first_invalid_utf8(name), "names are UTF-8");
  }
  check_reply(request);
  SOJOURN_CHECK(request.forwards.empty() || request.forwards.size() == request.items.size(),
                "each item goes on, or none");
  if (mode.forward != ForwardMode::kQueue) {
    SOJOURN_CHECK(request.forwards.empty(), "nothing goes on unless it is to");
    return;
  }
  for (std::size_t i = 0; i < request.forwards.size(); ++i) {
    check_forward(request.forwards[i], request.items[i]);
  }
}

std::string told(const Parsed& parsed) {
  if (parsed) return told_request(*parsed);
  return fmt::format("{} {}", parsed.error().status, parsed.error().body);
}

// Without the white space between tokens; nothing where it is no JSON.
std::optional<std::string> minified(std::string_view body) {
  std::string out(body.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t size = 0;
  if (simdjson::minify(body.data(), body.size(), out.data(), size) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

}  // namespace

void hold_intake_claims(std::string_view input) {
  Call call = call_of(input);
  const auto first = parsed(call, kept_parser(*call.mode));
  if (!first) return;
  if (*first) {
    check_taken(**first, *call.mode);
  } else {
    check_refusal(first->error());
  }
  const std::string whole = told(*first);
  SOJOURN_CHECK(told(*parsed(call, kept_parser(*call.mode))) == whole,
                "a request means the same again");
  const auto dense = minified(call.body);
  if (!dense) return;
  call.body = *dense;
  SOJOURN_CHECK(told(*parsed(call, kept_parser(*call.mode))) == whole || !*first,
                "white space changes nothing of what is taken");
}

}  // namespace sojourn::fuzz
