#include "app/webhook_transport.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "connectors/webhook/answer.h"

namespace sojourn::app {
namespace {

using Kind = uv::HttpFailure::Kind;

connectors::Attempt attempt_of(uv::HttpOutcome outcome) {
  if (!outcome) {
    const uv::HttpFailure& failure = outcome.error();
    const bool in_vain = failure.kind == Kind::kAddressRefused ||
                         failure.kind == Kind::kBodyTooLarge || failure.kind == Kind::kInvalidCall;
    return connectors::TransportFailure{
        failure.maybe_received, std::string(uv::kind_name(failure.kind)) + ": " + failure.message,
        in_vain};
  }
  const std::string* retry_after = outcome->header("retry-after");
  return connectors::Response{outcome->status, retry_after == nullptr ? "" : *retry_after,
                              std::move(outcome->body)};
}

}  // namespace

WebhookTransport::WebhookTransport(uv::Loop& loop, std::vector<WebhookPlace> places,
                                   const std::string& ca_file, std::uint32_t max_in_doubt) {
  uv::HttpClientOptions options;
  // Nobody waits for another host's answer: there is a connection for every claim.
  options.max_connections = std::max<std::size_t>(1, places.size() * max_in_doubt);
  options.max_queued = options.max_connections;
  options.max_response_bytes = connectors::webhook::kMaxAnswerBytes;
  options.ca_file = ca_file;
  options.public_addresses_only = true;
  public_client_ = std::make_unique<uv::HttpClient>(loop, options);
  options.public_addresses_only = false;
  options.allow_http = true;
  private_client_ = std::make_unique<uv::HttpClient>(loop, options);
  for (WebhookPlace& place : places) {
    const std::string name = place.name;
    places_.emplace(name, std::move(place));
  }
}

bool WebhookTransport::call(const connectors::webhook::Request& request,
                            runtime::Transport::Done done) {
  const auto found = places_.find(request.webhook);
  SOJOURN_CHECK(found != places_.end(), "every webhook that is called has its place");
  const WebhookPlace& place = found->second;
  std::vector<uv::HttpHeader> headers = place.headers;
  headers.push_back({std::string(connectors::webhook::kKeyHeader), request.key});
  uv::HttpCall call;
  call.method = place.method;
  call.url = place.url;
  call.headers = uv::make_header_set(headers);
  call.body = request.body;
  call.timeout = place.timeout;
  uv::HttpClient& client = place.allow_private ? *private_client_ : *public_client_;
  return client.send(std::move(call), [done = std::move(done)](uv::HttpOutcome outcome) {
    done(attempt_of(std::move(outcome)));
  });
}

uv::HttpClientStats WebhookTransport::stats() const {
  uv::HttpClientStats sum = public_client_->stats();
  const uv::HttpClientStats other = private_client_->stats();
  sum.in_flight += other.in_flight;
  sum.queued += other.queued;
  sum.calls += other.calls;
  sum.failures += other.failures;
  sum.connections_opened += other.connections_opened;
  return sum;
}

}  // namespace sojourn::app
