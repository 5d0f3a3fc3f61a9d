#include "app/iterable_transport.h"

#include <utility>

#include "base/check.h"

namespace sojourn::app {
namespace {

connectors::Attempt attempt_of(uv::HttpOutcome outcome) {
  if (!outcome) {
    return connectors::TransportFailure{
        outcome.error().maybe_received,
        std::string(uv::kind_name(outcome.error().kind)) + ": " + outcome.error().message};
  }
  const std::string* retry_after = outcome->header("retry-after");
  return connectors::Response{outcome->status, retry_after == nullptr ? "" : *retry_after,
                              std::move(outcome->body)};
}

uv::HttpCall::Method method_of(const connectors::HttpRequest& request) {
  if (request.method == "PUT") return uv::HttpCall::Method::kPut;
  if (request.method == "PATCH") return uv::HttpCall::Method::kPatch;
  if (request.method == "DELETE") return uv::HttpCall::Method::kDelete;
  if (request.method == "GET") return uv::HttpCall::Method::kGet;
  SOJOURN_CHECK(request.method == "POST", "a request is a GET, POST, PUT, PATCH or DELETE");
  return uv::HttpCall::Method::kPost;
}

}  // namespace

IterableTransport::IterableTransport(uv::Loop& loop, const uv::HttpClientOptions& options,
                                     std::string base_url, const std::string& api_key)
    : client_(loop, options),
      base_url_(std::move(base_url)),
      headers_(uv::make_header_set({{"Content-Type", "application/json"}, {"Api-Key", api_key}})) {}

bool IterableTransport::send(const connectors::HttpRequest& request, Done done) {
  uv::HttpCall call;
  call.method = method_of(request);
  call.url = base_url_ + request.path;
  call.headers = headers_;
  call.body = request.body;
  return client_.send(std::move(call), [done = std::move(done)](uv::HttpOutcome outcome) {
    done(attempt_of(std::move(outcome)));
  });
}

}  // namespace sojourn::app
