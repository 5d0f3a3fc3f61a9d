// Asks Iterable in a sender's place: the same call, under our key, and Iterable's own answer. At
// most so many senders wait at once. Lives on the loop's thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "app/config.h"
#include "runtime/uv/callback.h"
#include "runtime/uv/http_client.h"
#include "runtime/uv/http_message.h"

namespace sojourn::app {

class Forwarder {
 public:
  // What all who wait have sent may take so many bytes.
  static constexpr std::size_t kMaxWaitingBytes = std::size_t{64} << 20;

  // `loop` outlives the forwarder. The place, the key and what may be called are Iterable's in
  // `config`.
  Forwarder(uv::Loop& loop, const Config& config, const std::string& api_key);

  // An answer for the sender. `was_given`: it is Iterable's, whatever it says; otherwise nobody
  // answered, and the answer is a 503.
  struct Answer {
    bool was_given = false;
    uv::HttpResponse response;
  };
  using Done = uv::Callback<void(Answer)>;
  // Asks once and calls `done` once, later. False: too many wait, and nothing was sent.
  [[nodiscard]] bool ask(uv::HttpCall::Method method, std::string_view target, std::string body,
                         Done done);

  uv::HttpClientStats stats() const { return client_.stats(); }

 private:
  const std::string base_url_;
  const std::shared_ptr<const uv::HeaderSet> headers_;
  std::size_t waiting_bytes_ = 0;
  // Last: its callbacks go before what they use.
  uv::HttpClient client_;
};

}  // namespace sojourn::app
