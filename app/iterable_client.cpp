#include "app/iterable_client.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "connectors/iterable/answer.h"
#include "connectors/retry_after.h"

namespace sojourn::app {
namespace {

using base::Error;
using Json = nlohmann::json;

uv::HttpClientOptions options_of(const Config& config) {
  uv::HttpClientOptions options;
  options.max_connections = 1;
  options.max_queued = 1;
  options.total_timeout = config.iterable_timeout;
  options.max_response_bytes = IterableClient::kMaxAnswerBytes;
  options.allow_http = config.allow_http;
  options.ca_file = config.ca_file;
  return options;
}

// Whether the same request may be made again after this outcome.
bool may_ask_again(const uv::HttpOutcome& outcome, bool repeatable) {
  using Kind = uv::HttpFailure::Kind;
  if (!outcome) {
    const uv::HttpFailure& failure = outcome.error();
    if (failure.kind == Kind::kInvalidCall || failure.kind == Kind::kTls ||
        failure.kind == Kind::kBodyTooLarge || failure.kind == Kind::kDns) {
      return false;
    }
    return repeatable || !failure.maybe_received;
  }
  return outcome->status == 429 || (repeatable && outcome->status >= 500);
}

base::Millis pause_before(int attempt, const uv::HttpOutcome& outcome) {
  const std::string* header = outcome ? outcome->header("retry-after") : nullptr;
  const auto wanted = header == nullptr ? std::nullopt : connectors::retry_after(*header);
  const base::Millis pause = wanted.value_or(base::seconds(std::int64_t{1} << (attempt - 1)));
  return std::min(pause, IterableClient::kLongestPause);
}

// `where`: the method and the path, without the query, which may name a person.
Error error_of(const uv::HttpOutcome& outcome, const std::string& where, const std::string& base) {
  if (!outcome) {
    return {Error::Kind::kUnavailable,
            fmt::format("Iterable did not answer {}: {}", where, outcome.error().message),
            fmt::format("it was asked at {}: [iterable] in sojourn.toml says so", base)};
  }
  const auto answer = connectors::iterable::parse_answer(outcome->body);
  const std::string said =
      fmt::format("Iterable refused {} with {}{}{}: {}", where, outcome->status,
                  answer.code.empty() ? "" : " ", answer.code, answer.words);
  if (outcome->status == 401) {
    return {Error::Kind::kInvalid, said,
            "the key must be a server-side one of this project and data center"};
  }
  if (outcome->status == 400 || outcome->status == 404) return {Error::Kind::kNotFound, said, {}};
  const bool later = outcome->status == 429 || outcome->status >= 500;
  return {later ? Error::Kind::kUnavailable : Error::Kind::kInvalid, said,
          later ? "try again later" : ""};
}

base::Result<Json> json_of(base::Result<std::string> text, const std::string& where) {
  if (!text) return tl::unexpected(text.error());
  Json json = Json::parse(*text, nullptr, false);
  if (!json.is_discarded()) return json;
  return base::failure(Error::Kind::kInvalid, fmt::format("the answer to {} is not JSON", where),
                       "does `base_url` in sojourn.toml name Iterable?");
}

std::string place_of(const uv::HttpCall& call, const std::string& base) {
  const bool is_get = call.method == uv::HttpCall::Method::kGet;
  const std::string target = call.url.substr(base.size());
  return (is_get ? "GET " : "POST ") + target.substr(0, target.find('?'));
}

}  // namespace

base::Result<std::unique_ptr<IterableClient>> IterableClient::open(const Config& config) {
  if (!config.iterable_key) {
    return base::failure(Error::Kind::kInvalid, "there is no key for Iterable",
                         "say where it is: `key_env` or `key_file` under [iterable]");
  }
  const auto key = read_secret(config, *config.iterable_key);
  if (!key) return tl::unexpected(key.error());
  return std::unique_ptr<IterableClient>(new IterableClient(config, *key));
}

IterableClient::IterableClient(const Config& config, const std::string& key)
    : base_url_(config.base_url),
      client_(loop_, options_of(config)),
      timer_(loop_, [this] { loop_.stop(); }),
      headers_(uv::make_header_set({{"Content-Type", "application/json"}, {"Api-Key", key}})) {}

base::Result<std::string> IterableClient::get_text(const std::string& target) {
  uv::HttpCall call;
  call.method = uv::HttpCall::Method::kGet;
  call.url = base_url_ + target;
  call.headers = headers_;
  return ask(call, true, kPause);
}

base::Result<Json> IterableClient::get(const std::string& target) {
  return json_of(get_text(target), "GET " + target.substr(0, target.find('?')));
}

base::Result<Json> IterableClient::post(const std::string& path, const Json& body, bool repeatable,
                                        base::Millis pause) {
  uv::HttpCall call;
  call.method = uv::HttpCall::Method::kPost;
  call.url = base_url_ + path;
  call.headers = headers_;
  call.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return json_of(ask(call, repeatable, pause), "POST " + path);
}

base::Result<std::string> IterableClient::ask(const uv::HttpCall& call, bool repeatable,
                                              base::Millis pause) {
  if (std::exchange(asked_, true)) rest(pause);
  for (int attempt = 1;; ++attempt) {
    uv::HttpOutcome outcome = this->attempt(call);
    if (outcome && outcome->status >= 200 && outcome->status < 300) {
      return std::move(outcome->body);
    }
    if (attempt == kMostAttempts || !may_ask_again(outcome, repeatable)) {
      return tl::unexpected(error_of(outcome, place_of(call, base_url_), base_url_));
    }
    rest(pause_before(attempt, outcome));
  }
}

uv::HttpOutcome IterableClient::attempt(const uv::HttpCall& call) {
  std::optional<uv::HttpOutcome> outcome;
  const bool sent = client_.send(call, [&](uv::HttpOutcome came) {
    outcome = std::move(came);
    loop_.stop();
  });
  if (!sent) {
    return tl::unexpected(
        uv::HttpFailure{uv::HttpFailure::Kind::kOther, false, 0, "another request is under way"});
  }
  loop_.run();
  return std::move(*outcome);
}

void IterableClient::rest(base::Millis pause) {
  timer_.start(pause);
  loop_.run();
}

}  // namespace sojourn::app
