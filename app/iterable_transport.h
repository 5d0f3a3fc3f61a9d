// The dispatcher's way to Iterable: base URL, key and HTTP client. Lives on the
// loop's thread.
#pragma once

#include <memory>
#include <string>

#include "runtime/dispatcher.h"
#include "runtime/uv/http_client.h"

namespace sojourn::app {

class IterableTransport final : public runtime::Transport {
 public:
  IterableTransport(uv::Loop& loop, const uv::HttpClientOptions& options, std::string base_url,
                    const std::string& api_key);

  bool send(const connectors::HttpRequest& request, Done done) override;
  uv::HttpClientStats stats() const { return client_.stats(); }

 private:
  uv::HttpClient client_;
  const std::string base_url_;
  const std::shared_ptr<const uv::HeaderSet> headers_;
};

}  // namespace sojourn::app
