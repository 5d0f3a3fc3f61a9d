#include "app/intake_api.h"

#include <fmt/format.h>
#include <map>
#include <utility>

#include "app/front_door.h"
#include "base/check.h"
#include "base/percent.h"
#include "base/text.h"
#include "connectors/iterable/answer.h"
#include "runtime/intake_consent.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_erasure.h"
#include "runtime/intake_forward.h"
#include "runtime/intake_path.h"
#include "runtime/intake_reply.h"
#include "runtime/intake_size.h"

namespace sojourn::app {
namespace {

using runtime::ForwardMode;
using Why = runtime::IntakeAnswer::Why;

uv::HttpResponse http_response(runtime::IntakeAnswer answer) {
  uv::HttpResponse response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  if (response.status == 429) response.headers.push_back({"Retry-After", "1"});
  return response;
}

uv::HttpResponse not_found() {
  uv::HttpResponse response;
  response.status = 404;
  response.content_type = "text/html";
  response.body = "<html><body><h1>Not Found</h1></body></html>";
  return response;
}

uv::HttpResponse overloaded(std::string_view what, std::string_view path) {
  return http_response(runtime::envelope(429, "RateLimitExceeded",
                                         fmt::format("{}; send it again: {}", what, path), "{}"));
}

// Bodies are read as they come.
bool is_encoded(const uv::HttpRequest& request) {
  const auto encoding = request.header("content-encoding");
  return encoding && !encoding->empty() && base::lower_ascii(*encoding) != "identity";
}

uv::HttpResponse cannot_decode() {
  uv::HttpResponse response = http_response(runtime::envelope(
      415, "UnsupportedMediaType", "Content-Encoding is not known here: send the body as it is"));
  response.headers.push_back({"Accept-Encoding", "identity"});
  return response;
}

// By the request's method and path, if it is none of a journey's.
std::optional<runtime::IntakeRequest::Endpoint> endpoint_of(const uv::HttpRequest& request) {
  if (auto found = runtime::consent_endpoint(request.method(), request.path())) return found;
  if (request.method() == "DELETE") return runtime::IntakeRequest::Endpoint::kUsersDelete;
  return runtime::find_endpoint(request.path());
}

uv::HttpCall::Method method_of(const uv::HttpRequest& request) {
  using enum uv::HttpCall::Method;
  if (request.method() == "PUT") return kPut;
  if (request.method() == "PATCH") return kPatch;
  return request.method() == "DELETE" ? kDelete : kPost;
}

uv::HttpResponse doubtful_path(std::string_view wrong) {
  return http_response(runtime::envelope(400, "BadParams", fmt::format("Invalid path: {}", wrong)));
}

// What Iterable is asked in a sender's place, from what was understood of the request: of a query
// only the `action`, since no other of these calls has one. Its path is one that will do.
std::string target_of(const uv::HttpRequest& request) {
  if (request.method() == "POST") return std::string(request.path());
  auto target = runtime::plain_path(request.method(), request.path());
  SOJOURN_CHECK(target.has_value(), "a doubtful path was refused before");
  const auto action = base::query_member(request.query(), "action");
  if (request.method() != "PUT" || !action) return std::move(*target);
  return fmt::format("{}?action={}", *target, base::percent_encoded(*action));
}

// Of a call that erases somebody: whom Iterable does not know, or no more, may be somebody here.
bool knows_nobody(const uv::HttpResponse& answer) {
  if (answer.status != 400 && answer.status != 404 && answer.status != 409) return false;
  const std::string code = connectors::iterable::parse_answer(answer.body).code;
  return code == "BadParams" || code == "UnknownEmailError" || code == "UnknownUserIdError" ||
         code == "ForgottenUserError";
}

// Answers quote their senders: of them only the code and the declared field are said.
std::string missed_by(const runtime::IntakeAnswer& refusal) {
  const std::string code = connectors::iterable::parse_answer(refusal.body).code;
  std::string why = fmt::format("status={} code={}", refusal.status, code);
  if (!refusal.field.empty()) why += fmt::format(" field={}", refusal.field);
  return why;
}

// How many items each list of failures has.
std::string missed_in(const runtime::IntakeResult& result) {
  if (result.turned_away) return "turned_away";
  std::map<std::string_view, std::size_t> counts;
  for (const runtime::IntakeFailure& failure : result.failures) ++counts[failure.list];
  std::string why = fmt::format("accepted={}", result.accepted);
  for (const auto& [list, count] : counts) why += fmt::format(" {}={}", list, count);
  return why;
}

}  // namespace

IntakeApi::IntakeApi(const runtime::Program& program, const IntakeSettings& settings,
                     base::Random& random, IntakeLinks links)
    : parser_(program, settings.limits, settings.mapping, settings.forward),
      forward_(settings.forward),
      max_queued_(settings.max_queued),
      random_(random),
      links_(std::move(links)) {}

void IntakeApi::handle(uv::HttpRequest&& request, uv::Responder responder) {
  const std::string_view path = request.path();
  if (path == "/healthz" && request.method() == "GET") {
    return responder.answer(uv::HttpResponse{200, R"({"status":"ok"})", "application/json", {}});
  }
  const bool is_post = request.method() == "POST";
  const bool is_known = is_post && (runtime::find_endpoint(path) || runtime::journey_of(path));
  const bool passes = is_post && links_.forwarder != nullptr && runtime::only_goes_on(path);
  const bool erases = runtime::erases(request.method(), path);
  const bool consents = runtime::consent_endpoint(request.method(), path).has_value();
  if (!is_known && !passes && !erases && !consents) return responder.answer(not_found());
  const Scope scope = erases ? Scope::kErase : Scope::kIngest;
  const Doorkeeper::Answer answer = links_.doorkeeper->ask(request, scope);
  if (answer.verdict != Doorkeeper::Verdict::kAdmitted) {
    return responder.answer(refusal_of(answer, scope, path));
  }
  responder.let_in();
  if (!is_post) {
    const auto plain = runtime::plain_path(request.method(), path);
    if (!plain) return responder.answer(doubtful_path(plain.error()));
  }
  if (is_encoded(request)) return responder.answer(cannot_decode());
  if (passes) return ask(request, std::nullopt, std::move(responder));
  Parsed parsed = parse(request);
  if (is_asked(request, parsed)) return ask(request, std::move(parsed), std::move(responder));
  if (!parsed) return responder.answer(http_response(std::move(parsed.error())));
  take(std::move(*parsed), request, std::move(responder));
}

IntakeApi::Parsed IntakeApi::parse(const uv::HttpRequest& request) {
  const auto endpoint = endpoint_of(request);
  if (endpoint == runtime::IntakeRequest::Endpoint::kUsersDelete) {
    return runtime::delete_request(request.path(), forward_);
  }
  if (runtime::consent_endpoint(request.method(), request.path())) {
    return parser_.parse_consent({request.method(), request.path(), request.query()},
                                 request.body());
  }
  if (endpoint) return parser_.parse(*endpoint, request.body(), new_id());
  return parser_.parse_entry(runtime::journey_of(request.path()).value_or(""), request.body(),
                             new_id());
}

// What is refused for its size is not asked about: Iterable might take it, and we could not.
bool IntakeApi::is_asked(const uv::HttpRequest& request, const Parsed& parsed) const {
  const auto endpoint = endpoint_of(request);
  if (links_.forwarder == nullptr || !endpoint || !runtime::is_iterables(*endpoint)) return false;
  // The workflow is a journey here, or Iterable's.
  if (*endpoint == runtime::IntakeRequest::Endpoint::kTriggerWorkflow) {
    return !parsed && parsed.error().why == Why::kNotOurs;
  }
  return forward_ == ForwardMode::kAsk && (parsed || parsed.error().why != Why::kTooLarge);
}

void IntakeApi::ask(const uv::HttpRequest& request, std::optional<Parsed> parsed,
                    uv::Responder responder) {
  constexpr std::string_view kTooMany = "too many wait for Iterable";
  if (behind_.size() >= kMaxBehind || behind_bytes_ >= kMaxBehindBytes) {
    ++turned_away_;
    return responder.answer(overloaded(kTooMany, request.path()));
  }
  const std::uint64_t token = next_token_++;
  // Of the other methods, the path names a user.
  const auto endpoint = endpoint_of(request);
  const std::string_view path =
      endpoint && request.method() != "POST" ? runtime::path_of(*endpoint) : request.path();
  asked_.emplace(token, Asked{std::string(path), std::move(responder), std::move(parsed)});
  const bool sent = links_.forwarder->ask(
      method_of(request), target_of(request), request.body(),
      [this, token](Forwarder::Answer answer) { answered(token, std::move(answer)); });
  if (sent) return;
  ++turned_away_;
  const auto found = asked_.find(token);
  uv::Responder turned_away = std::move(found->second.responder);
  asked_.erase(found);
  turned_away.answer(overloaded(kTooMany, request.path()));
}

void IntakeApi::answered(std::uint64_t token, Forwarder::Answer answer) {
  const auto found = asked_.find(token);
  Asked asked = std::move(found->second);
  asked_.erase(found);
  const bool was_taken =
      answer.was_given && answer.response.status >= 200 && answer.response.status <= 299;
  const bool erases_here = answer.was_given && asked.parsed && *asked.parsed &&
                           runtime::is_erasure(**asked.parsed) && knows_nobody(answer.response);
  if ((!was_taken && !erases_here) || !asked.parsed) {
    return asked.responder.answer(answer.response);
  }
  if (!*asked.parsed) {
    if (asked.parsed->error().why == Why::kSaid) miss(asked, asked.parsed->error());
    return asked.responder.answer(answer.response);
  }
  runtime::IntakeRequest request = std::move(**asked.parsed);
  if (was_taken) runtime::keep_taken(request, answer.response.status, answer.response.body);
  request.token = token;
  const std::size_t bytes = runtime::bytes_of(request);
  behind_bytes_ += bytes;
  behind_.push_back(
      {std::move(request), bytes, Waiting{std::move(asked.responder), std::move(answer.response)}});
  room_came();
}

// Iterable has it, so it is not refused here for want of room: its sender waits.
void IntakeApi::room_came() {
  while (!behind_.empty()) {
    Behind& first = behind_.front();
    const std::uint64_t token = first.request.token;
    if (!links_.offer(first.request)) return;
    behind_bytes_ -= first.bytes;
    waiting_.emplace(token, std::move(first.waiting));
    behind_.pop_front();
  }
}

void IntakeApi::give_up() {
  for (Behind& one : std::exchange(behind_, {})) {
    behind_bytes_ -= one.bytes;
    if (links_.missed) {
      links_.missed(runtime::path_of(one.request.endpoint), "the daemon stops, and had no room");
    }
    one.waiting.responder.answer(*one.waiting.answer);
  }
}

void IntakeApi::miss(const Asked& asked, const runtime::IntakeAnswer& refusal) {
  if (links_.missed) links_.missed(asked.path, missed_by(refusal));
}

void IntakeApi::take(runtime::IntakeRequest request, const uv::HttpRequest& from,
                     uv::Responder responder) {
  if (!request.forwards.empty() && links_.queued && links_.queued() >= max_queued_) {
    ++turned_away_;
    return responder.answer(overloaded("too much waits to leave for Iterable", from.path()));
  }
  const std::uint64_t token = next_token_++;
  request.token = token;
  if (!links_.offer(request)) {
    ++turned_away_;
    return responder.answer(overloaded("too much is waiting to be stored", from.path()));
  }
  waiting_.emplace(token, Waiting{std::move(responder), std::nullopt});
}

uv::HttpResponse IntakeApi::body_too_large(std::size_t max_body_bytes) {
  return http_response(runtime::envelope(
      413, "BatchTooLarge",
      fmt::format("the request's body is larger than {} bytes; divide it", max_body_bytes),
      R"({"obj":"body is too large"})"));
}

void IntakeApi::finish(const runtime::IntakeResult& result) {
  const auto found = waiting_.find(result.token);
  if (found == waiting_.end()) return;
  Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  if (!waiting.answer) return waiting.responder.answer(http_response(runtime::answer_of(result)));
  const bool was_missed = result.turned_away || !result.failures.empty();
  if (was_missed && links_.missed) {
    links_.missed(runtime::path_of(result.endpoint), missed_in(result));
  }
  waiting.responder.answer(*waiting.answer);
}

// In Iterable's form: 32 hex digits.
std::string IntakeApi::new_id() {
  return fmt::format("{:016x}{:016x}", random_.next(), random_.next());
}

}  // namespace sojourn::app
