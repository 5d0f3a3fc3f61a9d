#include "app/forwarder.h"

#include <array>
#include <fmt/format.h>
#include <utility>

#include "runtime/intake_parse.h"

namespace sojourn::app {
namespace {

uv::HttpClientOptions options_of(const Config& config) {
  uv::HttpClientOptions options;
  options.max_connections = config.forward.max_connections;
  options.max_queued = config.forward.max_waiting;
  options.total_timeout = config.forward.timeout;
  options.allow_http = config.allow_http;
  options.ca_file = config.ca_file;
  // An answer to a bulk call may name everybody who was in it.
  options.max_response_bytes = config.max_body_bytes + (std::size_t{1} << 20);
  options.wanted_headers = {"retry-after", "content-type"};
  return options;
}

// As static text, which an answer needs. Iterable has no others.
std::string_view content_type_of(const uv::HttpReply& reply) {
  static constexpr std::array<std::string_view, 2> kOthers{"text/plain", "text/html"};
  const std::string* given = reply.header("content-type");
  if (given == nullptr) return "application/json";
  for (const std::string_view other : kOthers) {
    if (given->starts_with(other)) return other;
  }
  return "application/json";
}

Forwarder::Answer answer_of(uv::HttpOutcome outcome) {
  Forwarder::Answer answer;
  if (!outcome) {
    answer.response.status = 503;
    answer.response.body =
        runtime::envelope(503, "GenericError",
                          fmt::format("Iterable did not answer ({}); nothing was taken here: send "
                                      "it again, with the same id",
                                      uv::kind_name(outcome.error().kind)))
            .body;
    answer.response.headers.push_back({"Retry-After", "1"});
    return answer;
  }
  answer.was_given = true;
  answer.response.status = outcome->status;
  answer.response.body = std::move(outcome->body);
  answer.response.content_type = content_type_of(*outcome);
  if (const std::string* retry_after = outcome->header("retry-after")) {
    answer.response.headers.push_back({"Retry-After", *retry_after});
  }
  return answer;
}

}  // namespace

Forwarder::Forwarder(uv::Loop& loop, const Config& config, const std::string& api_key)
    : base_url_(config.base_url),
      headers_(uv::make_header_set({{"Content-Type", "application/json"}, {"Api-Key", api_key}})),
      client_(loop, options_of(config)) {}

bool Forwarder::ask(uv::HttpCall::Method method, std::string_view target, std::string body,
                    Done done) {
  const std::size_t size = body.size();
  if (waiting_bytes_ + size > kMaxWaitingBytes && waiting_bytes_ > 0) return false;
  uv::HttpCall call;
  call.method = method;
  call.url = base_url_ + std::string(target);
  call.headers = headers_;
  call.body = std::move(body);
  const bool taken = client_.send(
      std::move(call), [this, size, done = std::move(done)](uv::HttpOutcome outcome) mutable {
        waiting_bytes_ -= size;
        done(answer_of(std::move(outcome)));
      });
  if (taken) waiting_bytes_ += size;
  return taken;
}

}  // namespace sojourn::app
