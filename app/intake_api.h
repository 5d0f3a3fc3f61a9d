// Iterable's ingestion paths and the entries of journeys (POST
// /v1/journeys/NAME/entries), answered by us: routes a request to the parser, the
// parsed items to the shard, and the shard's result back to the sender. Lives on
// the loop's thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <functional>

#include "app/constant_time.h"
#include "base/random.h"
#include "runtime/intake_parse.h"
#include "runtime/uv/http_server.h"

namespace sojourn::runtime {
class Program;
}

namespace sojourn::app {

class IntakeApi {
 public:
  // `offer` gives a request to the shard; false when it has no room. `random` is
  // for the ids of answers only.
  IntakeApi(const runtime::Program& program, runtime::IntakeLimits limits, std::string_view api_key,
            base::Random& random, std::function<bool(runtime::IntakeRequest)> offer);

  void handle(uv::HttpRequest&& request, uv::Responder responder);
  // For a request whose body is over the limit.
  static uv::HttpResponse body_too_large(std::size_t max_body_bytes);
  // The items of a request are durable: its sender is told.
  void finish(const runtime::IntakeResult& result);

  // Requests whose senders still wait.
  std::size_t waiting() const { return waiting_.size(); }
  std::uint64_t turned_away() const { return turned_away_; }

 private:
  using Parsed = tl::expected<runtime::IntakeRequest, runtime::IntakeAnswer>;

  void take(Parsed parsed, const uv::HttpRequest& request, uv::Responder responder);
  std::string new_id();

  ExpectedKey key_;
  runtime::IntakeParser parser_;
  base::Random& random_;
  std::function<bool(runtime::IntakeRequest)> offer_;
  absl::flat_hash_map<std::uint64_t, uv::Responder> waiting_;  // by token
  std::uint64_t next_token_ = 1;
  std::uint64_t turned_away_ = 0;
};

}  // namespace sojourn::app
