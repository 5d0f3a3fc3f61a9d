#include "app/webhook_places.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/text.h"
#include "connectors/webhook/allow_list.h"
#include "connectors/webhook/request.h"
#include "connectors/webhook/target.h"
#include "graph/graph.h"

namespace sojourn::app {
namespace {

using base::Error;
using connectors::webhook::AllowList;
using connectors::webhook::Target;
using Method = uv::HttpCall::Method;

// Who calls a webhook first, in the order of journeys.
struct Caller {
  const graph::Webhook* webhook = nullptr;
  std::string journey;
  bool gives_data = false;  // some call of it does

  std::string words() const {
    return fmt::format("webhook `{}`, called by journey `{}`,", webhook->name, journey);
  }
};

std::map<std::string, Caller> callers(const DaemonProgram& program) {
  std::map<std::string, Caller> out;
  for (const graph::Graph& graph : program.graphs) {
    for (const graph::Step& step : graph.steps) {
      const auto* call = std::get_if<graph::Call>(&step.action);
      if (call == nullptr) continue;
      Caller& caller = out[call->webhook];
      if (caller.webhook == nullptr) caller.journey = graph.journey;
      caller.webhook = program.catalog.find_webhook(call->webhook);
      SOJOURN_CHECK(caller.webhook != nullptr, "a compiled call names a declared webhook");
      caller.gives_data |= call->fields != graph::kNoExpr;
    }
  }
  return out;
}

Method method_of(const graph::Webhook& webhook) {
  if (webhook.method == "GET") return Method::kGet;
  if (webhook.method == "PUT") return Method::kPut;
  if (webhook.method == "PATCH") return Method::kPatch;
  if (webhook.method == "DELETE") return Method::kDelete;
  return Method::kPost;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) == 0x7f;
  });
}

bool is_token(std::string_view name) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

// What we say ourselves, or what would change where a request ends.
bool is_ours(std::string_view name) {
  static constexpr auto kOurs = std::to_array<std::string_view>(
      {"connection", "content-length", "content-type", "expect", "host", "idempotency-key",
       "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"});
  const std::string lower = base::lower_ascii(name);
  return std::ranges::find(kOurs, lower) != kOurs.end() || lower.starts_with("proxy-");
}

class PlaceMaker {
 public:
  PlaceMaker(const Config& config, AllowList allow, AllowList allow_private)
      : config_(config), allow_(std::move(allow)), allow_private_(std::move(allow_private)) {}

  base::Result<WebhookPlace> make(const Caller& caller) const {
    const graph::Webhook& webhook = *caller.webhook;
    WebhookPlace place{webhook.name, webhook.url, method_of(webhook), {}, webhook.timeout, false};
    if (auto found = find_host(caller, place); !found) return tl::unexpected(found.error());
    if (!connectors::webhook::carries_body(webhook) && caller.gives_data) {
      return base::failure(Error::Kind::kInvalid,
                           fmt::format("{} is asked by GET, which carries no data", caller.words()),
                           "say another `method`, or take the `with` of its calls out");
    }
    if (auto added = add_headers(caller, place); !added) return tl::unexpected(added.error());
    if (auto added = add_secret(caller, place); !added) return tl::unexpected(added.error());
    return place;
  }

 private:
  base::Status find_host(const Caller& caller, WebhookPlace& place) const {
    const auto target = connectors::webhook::parse_target(place.url);
    if (!target) {
      return base::failure(
          Error::Kind::kInvalid,
          fmt::format("{} has the URL `{}`, which names no host that can be called", caller.words(),
                      place.url),
          target.error().hint);
    }
    place.allow_private = allow_private_.allows(*target);
    const bool local = connectors::webhook::is_loopback(*target);
    if (!target->https && !(local && place.allow_private)) {
      return base::failure(
          Error::Kind::kInvalid,
          fmt::format("{} has the URL `{}`, which is not https", caller.words(), place.url),
          "plain http goes to this machine only: to a loopback host that `allow_private` of "
          "[webhooks] names");
    }
    if (place.allow_private || (!local && allow_.allows(*target))) return {};
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("{} is on the host `{}`, which sojourn.toml does not allow",
                                     caller.words(), target->authority()),
                         fmt::format("write `{} = [\"{}\"]` under [webhooks]",
                                     local ? "allow_private" : "allow", usual_words(*target)));
  }

  static std::string usual_words(const Target& target) {
    const std::string authority = target.authority();
    const std::string_view usual = target.https ? ":443" : ":80";
    return authority.ends_with(usual) ? authority.substr(0, authority.size() - usual.size())
                                      : authority;
  }

  static base::Status add_headers(const Caller& caller, WebhookPlace& place) {
    place.headers.push_back({"Content-Type", "application/json"});
    for (const auto& [name, value] : caller.webhook->headers) {
      const bool taken = is_ours(name) || (!caller.webhook->secret.empty() &&
                                           base::lower_ascii(name) == "authorization");
      if (is_token(name) && !has_control_character(value) && !taken) {
        place.headers.push_back({name, value});
        continue;
      }
      return base::failure(
          Error::Kind::kInvalid,
          fmt::format("{} has a header `{}` that cannot be sent", caller.words(),
                      has_control_character(name) ? "…" : name),
          taken ? "the daemon says that header itself; take it out"
                : "a header's name is a word, and its value one line without control characters");
    }
    return {};
  }

  base::Status add_secret(const Caller& caller, WebhookPlace& place) const {
    const std::string& name = caller.webhook->secret;
    if (name.empty()) return {};
    const auto source = config_.webhooks.secrets.find(name);
    if (source == config_.webhooks.secrets.end()) {
      return base::failure(
          Error::Kind::kInvalid,
          fmt::format("{} needs the secret `{}`, which sojourn.toml does not know", caller.words(),
                      name),
          fmt::format("write `[webhooks.secrets.{}]` and below it `key_env = \"VARIABLE\"` or "
                      "`key_file = \"PATH\"`",
                      name));
    }
    const auto secret = read_secret(config_, source->second);
    if (!secret) {
      return base::failure(
          Error::Kind::kInvalid,
          fmt::format("{} needs the secret `{}`: {}", caller.words(), name, secret.error().message),
          secret.error().hint);
    }
    place.headers.push_back({"Authorization", "Bearer " + *secret});
    return {};
  }

  const Config& config_;
  const AllowList allow_;
  const AllowList allow_private_;
};

}  // namespace

base::Result<std::vector<WebhookPlace>> webhook_places(const Config& config,
                                                       const DaemonProgram& program) {
  auto allow = AllowList::from_entries(config.webhooks.allow, "allow");
  if (!allow) return tl::unexpected(allow.error());
  auto allow_private = AllowList::from_entries(config.webhooks.allow_private, "allow_private");
  if (!allow_private) return tl::unexpected(allow_private.error());
  const PlaceMaker maker(config, std::move(*allow), std::move(*allow_private));
  std::vector<WebhookPlace> places;
  for (const auto& [name, caller] : callers(program)) {
    auto place = maker.make(caller);
    if (!place) return tl::unexpected(place.error());
    places.push_back(std::move(*place));
  }
  return places;
}

std::vector<std::string> called_webhooks(const DaemonProgram& program) {
  std::vector<std::string> names;
  for (const auto& [name, caller] : callers(program)) names.push_back(name);
  return names;
}

}  // namespace sojourn::app
