// Where the webhooks that journeys call are, and with which headers and secret they are
// asked: what the text declares, held against [webhooks] of sojourn.toml. Values; made
// once, at start.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "app/daemon.h"
#include "base/instant.h"
#include "base/result.h"
#include "runtime/uv/http_client.h"

namespace sojourn::app {

struct WebhookPlace {
  std::string name;
  std::string url;
  uv::HttpCall::Method method = uv::HttpCall::Method::kPost;
  std::vector<uv::HttpHeader> headers;  // the secret's too: never in a log
  base::Millis timeout;
  bool allow_private = false;  // its host may be at any address
};

// An error names the webhook, the journey that calls it and what to write: its host is
// not allowed, its URL is not https and not on this machine, its secret is not there, a
// header cannot be sent. Webhooks that nobody calls are left out.
base::Result<std::vector<WebhookPlace>> webhook_places(const Config& config,
                                                       const DaemonProgram& program);

// The webhooks that some journey calls, by name.
std::vector<std::string> called_webhooks(const DaemonProgram& program);

}  // namespace sojourn::app
