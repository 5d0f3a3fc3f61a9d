#include "app/front_door.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "runtime/intake_reply.h"

namespace sojourn::app {
namespace {

uv::HttpResponse http_response(runtime::IntakeAnswer answer) {
  uv::HttpResponse response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  return response;
}

std::string with_endpoint(std::string_view path) {
  std::string params = R"({"endpoint":)";
  base::append_json_string(params, path);
  return params + "}";
}

std::string lacks(const AccessKey& key, Scope scope) {
  if (key.name == kIntakeKeyName && scope == Scope::kErase) {
    return "senders may not erase users here: `erase = true` under [intake] in sojourn.toml, or a "
           "key of scope `erase`, lets them";
  }
  return fmt::format(
      "the key `{}` has not the scope `{}`: a key that has is made by "
      "`sojourn key new NAME --scope {}`",
      key.name, to_string(scope), to_string(scope));
}

// What an operator may ask for from elsewhere, and with which scope. All else, such as what names
// files of this machine, goes over the Unix socket only.
struct Remote {
  std::string_view method;
  std::string_view path;
  Scope scope;
};
constexpr auto kRemote = std::to_array<Remote>({
    {"GET", "/status", Scope::kRead},
    {"GET", "/metrics", Scope::kRead},
    {"GET", "/user", Scope::kRead},
    {"GET", "/export", Scope::kRead},
    {"GET", "/why", Scope::kRead},
    {"GET", "/log", Scope::kRead},
    {"GET", "/deliveries", Scope::kRead},
    {"GET", "/clock", Scope::kRead},
    {"POST", "/journey", Scope::kOperate},
    {"POST", "/forget", Scope::kErase},
    {"POST", "/release", Scope::kOperate},
    {"POST", "/clock/accept", Scope::kOperate},
    {"POST", "/deliveries/retry", Scope::kOperate},
    {"POST", "/deliveries/drop", Scope::kOperate},
    {"POST", "/keys/reload", Scope::kOperate},
});

const Remote* find_remote(const uv::HttpRequest& request) {
  const auto* const found = std::ranges::find_if(kRemote, [&](const Remote& remote) {
    return remote.method == request.method() && remote.path == request.path();
  });
  return found == kRemote.end() ? nullptr : found;
}

void name_who_asks(std::string& body, const AccessKey& key) {
  // Commands are flat; what lies deeper is left out, since writing it again takes a frame a level.
  constexpr int kMaxDepth = 8;
  nlohmann::json json = nlohmann::json::parse(
      body,
      [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth <= kMaxDepth; },
      false);
  if (!json.is_object()) return;
  json["by"] = fmt::format("key {}", key.name);
  body = json.dump();
}

}  // namespace

uv::HttpResponse refusal_of(const Doorkeeper::Answer& answer, Scope scope, std::string_view path) {
  if (answer.verdict == Doorkeeper::Verdict::kWithoutScope) {
    return http_response(runtime::envelope(403, "Forbidden", lacks(*answer.key, scope)));
  }
  return http_response(runtime::envelope(401, "BadApiKey", "Invalid API key", with_endpoint(path)));
}

std::optional<uv::HttpResponse> FrontDoor::doubt(const uv::HttpRequest& request) const {
  if (request.path() == "/healthz") return std::nullopt;
  const auto refusal = guard_.doubt(request);
  if (!refusal) return std::nullopt;
  return http_response(runtime::envelope(refusal->status, refusal->code, refusal->message));
}

std::optional<uv::HttpResponse> FrontDoor::refuse(const uv::HttpRequest& request,
                                                  Scope scope) const {
  const Doorkeeper::Answer answer = doorkeeper_.ask(request, scope);
  if (answer.verdict == Doorkeeper::Verdict::kAdmitted) return std::nullopt;
  return refusal_of(answer, scope, request.path());
}

std::optional<uv::HttpResponse> FrontDoor::refuse_stranger(const uv::HttpRequest& request) const {
  if (auto doubted = doubt(request)) return doubted;
  if (doorkeeper_.knows(request)) return std::nullopt;
  return refusal_of({}, Scope::kIngest, request.path());
}

std::optional<uv::HttpResponse> FrontDoor::refuse_operator(uv::HttpRequest& request) const {
  if (auto doubted = doubt(request)) return doubted;
  const Remote* const remote = find_remote(request);
  const Scope scope = remote == nullptr ? Scope::kOperate : remote->scope;
  const Doorkeeper::Answer answer = doorkeeper_.ask(request, scope);
  if (answer.verdict != Doorkeeper::Verdict::kAdmitted) {
    return refusal_of(answer, scope, request.path());
  }
  if (remote == nullptr) {
    return http_response(runtime::envelope(
        404, "NotFound", "nothing is asked here under that path; it may be over the Unix socket"));
  }
  name_who_asks(request.body(), *answer.key);
  return std::nullopt;
}

}  // namespace sojourn::app
