// Where Iterable's system webhooks come: POST /v1/iterable/webhooks, one notice a request. Checks
// who asks, reads it, gives it to the shard, and answers once it is durable. What it does not
// understand it takes and counts: Iterable would only send it again. But consent of somebody whom
// it cannot name is refused, or it would be lost unseen. Lives on the loop's thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/constant_time.h"
#include "connectors/iterable/webhooks/notice_reader.h"
#include "runtime/intake.h"
#include "runtime/uv/http_server.h"

namespace sojourn::app {

class NoticeReceiver {
 public:
  static constexpr std::string_view kPath = "/v1/iterable/webhooks";

  // `keys`: none, and nobody is let in, as if the path were not there. `header` is the one
  // that brings one of them, in lower case; empty: `Authorization`, bare or behind `Basic` or
  // `OAuth2`, as Iterable's settings of a webhook make it. `offer` gives a request to the shard;
  // false when it has no room.
  NoticeReceiver(const std::vector<std::string>& keys, std::string header,
                 std::function<bool(runtime::IntakeRequest)> offer);

  // From now on these let in.
  void replace(const std::vector<std::string>& keys);

  void handle(const uv::HttpRequest& request, uv::Responder responder);
  // Whether it brings a key; asked before a long body is read, too.
  bool is_let_in(const uv::HttpRequest& request) const;
  // The notice is durable: Iterable is told.
  void finish(const runtime::IntakeResult& result);

  // Notices whose sender still waits.
  std::size_t waiting() const { return waiting_.size(); }
  // Since the process began.
  struct Refused {
    std::uint64_t unauthorized = 0;
    std::uint64_t malformed = 0;  // no notices at all
    std::uint64_t nameless = 0;   // of consent or an address, and of nobody
    std::uint64_t no_room = 0;    // to be sent again
  };
  const Refused& refused() const { return refused_; }

 private:
  bool is_key(std::string_view given) const;

  std::vector<ExpectedKey> keys_;
  std::string header_;
  std::function<bool(runtime::IntakeRequest)> offer_;
  connectors::iterable::NoticeReader reader_;
  absl::flat_hash_map<std::uint64_t, uv::Responder> waiting_;  // by token
  std::uint64_t next_token_ = 1;
  Refused refused_;
};

}  // namespace sojourn::app
