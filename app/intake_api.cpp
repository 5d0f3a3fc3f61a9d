#include "app/intake_api.h"

#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/text.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_reply.h"

namespace sojourn::app {
namespace {

// NAME of /v1/journeys/NAME/entries.
std::optional<std::string_view> journey_of(std::string_view path) {
  constexpr std::string_view kBefore = "/v1/journeys/";
  constexpr std::string_view kBehind = "/entries";
  if (path.size() < kBefore.size() + kBehind.size() || !path.starts_with(kBefore) ||
      !path.ends_with(kBehind)) {
    return std::nullopt;
  }
  return path.substr(kBefore.size(), path.size() - kBefore.size() - kBehind.size());
}

uv::HttpResponse http_response(runtime::IntakeAnswer answer) {
  uv::HttpResponse response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  if (response.status == 429) response.headers.push_back({"Retry-After", "1"});
  return response;
}

std::string with_endpoint(std::string_view path) {
  std::string params = R"({"endpoint":)";
  base::append_json_string(params, path);
  return params + "}";
}

uv::HttpResponse not_found() {
  uv::HttpResponse response;
  response.status = 404;
  response.content_type = "text/html";
  response.body = "<html><body><h1>Not Found</h1></body></html>";
  return response;
}

uv::HttpResponse overloaded(std::string_view path) {
  return http_response(runtime::envelope(
      429, "RateLimitExceeded",
      fmt::format("too much is waiting to be stored; send it again: {}", path), "{}"));
}

}  // namespace

IntakeApi::IntakeApi(const runtime::Program& program, runtime::IntakeLimits limits,
                     std::string_view api_key, base::Random& random,
                     std::function<bool(runtime::IntakeRequest)> offer)
    : key_(api_key), parser_(program, limits), random_(random), offer_(std::move(offer)) {}

void IntakeApi::handle(uv::HttpRequest&& request, uv::Responder responder) {
  if (request.path() == "/healthz" && request.method() == "GET") {
    return responder.answer(uv::HttpResponse{200, R"({"status":"ok"})", "application/json", {}});
  }
  const auto endpoint = runtime::find_endpoint(request.path());
  const auto journey = journey_of(request.path());
  if ((!endpoint && !journey) || request.method() != "POST") {
    return responder.answer(not_found());
  }
  // Iterable takes both spellings.
  auto key = request.header("api-key");
  if (!key) key = request.header("api_key");
  if (!key || !key_.matches(*key)) {
    return responder.answer(http_response(
        runtime::envelope(401, "BadApiKey", "Invalid API key", with_endpoint(request.path()))));
  }
  take(endpoint ? parser_.parse(*endpoint, request.body(), new_id())
                : parser_.parse_entry(*journey, request.body(), new_id()),
       request, std::move(responder));
}

void IntakeApi::take(Parsed parsed, const uv::HttpRequest& request, uv::Responder responder) {
  if (!parsed) return responder.answer(http_response(std::move(parsed.error())));
  const std::uint64_t token = next_token_++;
  parsed->token = token;
  if (!offer_(std::move(*parsed))) {
    ++turned_away_;
    return responder.answer(overloaded(request.path()));
  }
  waiting_.emplace(token, std::move(responder));
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
  uv::Responder responder = std::move(found->second);
  waiting_.erase(found);
  responder.answer(http_response(runtime::answer_of(result)));
}

// In Iterable's form: 32 hex digits.
std::string IntakeApi::new_id() {
  return fmt::format("{:016x}{:016x}", random_.next(), random_.next());
}

}  // namespace sojourn::app
