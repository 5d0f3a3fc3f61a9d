// The dispatcher's way to the services that journeys ask. Two HTTP clients: one looks at
// every address before it connects and takes public ones only; the other is for the
// hosts that the operator allowed to be anywhere, and speaks plain http too. Redirects
// are answers like any other. Lives on the loop's thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/webhook_places.h"
#include "runtime/dispatcher.h"
#include "runtime/uv/http_client.h"

namespace sojourn::app {

class WebhookTransport final : public runtime::CallTransport {
 public:
  // `max_in_doubt`: so many calls of one host are under way at most.
  WebhookTransport(uv::Loop& loop, std::vector<WebhookPlace> places, const std::string& ca_file,
                   std::uint32_t max_in_doubt);

  bool call(const connectors::webhook::Request& request, runtime::Transport::Done done) override;
  // Of both clients together.
  uv::HttpClientStats stats() const;

 private:
  std::map<std::string, WebhookPlace> places_;  // by webhook
  std::unique_ptr<uv::HttpClient> public_client_;
  std::unique_ptr<uv::HttpClient> private_client_;
};

}  // namespace sojourn::app
