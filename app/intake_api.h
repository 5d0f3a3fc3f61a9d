// Iterable's ingestion paths, Segment's, events in a form of their sender's, and the entries of
// journeys (POST /v1/journeys/NAME/entries), answered by us: routes a request to the parser, the
// parsed items to the shard, and the shard's result back to the sender. With `forward` what comes
// by Iterable's paths goes on: `ask` has Iterable answer first and takes what it took, `queue`
// leaves that to the outbox. Lives on the loop's thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "app/doorkeeper.h"
#include "app/forwarder.h"
#include "base/random.h"
#include "runtime/intake_parse.h"
#include "runtime/uv/http_server.h"

namespace sojourn::runtime {
class Program;
}

namespace sojourn::app {

struct IntakeSettings {
  runtime::IntakeLimits limits;
  runtime::IntakeMapping mapping;  // fits the program (runtime::check_mapping)
  runtime::ForwardMode forward = runtime::ForwardMode::kOff;
  // Requests that were answered and have not left for Iterable; beyond, senders get a 429.
  std::int64_t max_queued = 0;
};

// What the API needs of the daemon.
struct IntakeLinks {
  // Whom it lets in may say what people did (Scope::kIngest), or have them erased (Scope::kErase).
  Doorkeeper* doorkeeper = nullptr;
  // Gives a request to the shard; false when it has no room, and the request is as it was.
  std::function<bool(runtime::IntakeRequest&)> offer;
  // Null: nothing is passed on.
  Forwarder* forwarder = nullptr;
  std::function<std::int64_t()> queued;
  // Iterable took a call of which nothing, or not all, could be taken here; why, without a name or
  // a value of anybody's.
  std::function<void(std::string_view path, const std::string& why)> missed;
};

class IntakeApi {
 public:
  // `random` is for the ids of answers only.
  IntakeApi(const runtime::Program& program, const IntakeSettings& settings, base::Random& random,
            IntakeLinks links);

  void handle(uv::HttpRequest&& request, uv::Responder responder);
  // For a request whose body is over the limit.
  static uv::HttpResponse body_too_large(std::size_t max_body_bytes);
  // The items of a request are durable: its sender is told.
  void finish(const runtime::IntakeResult& result);
  // The shard, which had none, has room again: what Iterable took meanwhile goes to it.
  void room_came();
  // The process is about to end: whoever still waits for room has Iterable's answer, and it is said
  // that Iterable has the call alone.
  void give_up();

  // Requests whose senders still wait.
  std::size_t waiting() const { return waiting_.size() + asked_.size() + behind_.size(); }
  std::uint64_t turned_away() const { return turned_away_; }

 private:
  using Parsed = tl::expected<runtime::IntakeRequest, runtime::IntakeAnswer>;
  // A request that Iterable is asked about.
  struct Asked {
    std::string path;
    uv::Responder responder;
    std::optional<Parsed> parsed;  // nothing: it says nothing to us
  };
  // One that the shard has; with the answer that its sender gets, if that is Iterable's.
  struct Waiting {
    uv::Responder responder;
    std::optional<uv::HttpResponse> answer;
  };
  // One that Iterable took, and for which the shard had no room.
  struct Behind {
    runtime::IntakeRequest request;
    std::size_t bytes = 0;  // of the request (intake_size.h)
    Waiting waiting;
  };

  static constexpr std::size_t kMaxBehind = 1'024;
  static constexpr std::size_t kMaxBehindBytes = std::size_t{64} << 20;

  Parsed parse(const uv::HttpRequest& request);
  // Whether Iterable answers this call.
  bool is_asked(const uv::HttpRequest& request, const Parsed& parsed) const;
  void ask(const uv::HttpRequest& request, std::optional<Parsed> parsed, uv::Responder responder);
  void answered(std::uint64_t token, Forwarder::Answer answer);
  void take(runtime::IntakeRequest request, const uv::HttpRequest& from, uv::Responder responder);
  void miss(const Asked& asked, const runtime::IntakeAnswer& refusal);
  std::string new_id();

  runtime::IntakeParser parser_;
  const runtime::ForwardMode forward_;
  const std::int64_t max_queued_;
  base::Random& random_;
  const IntakeLinks links_;
  absl::flat_hash_map<std::uint64_t, Waiting> waiting_;  // by token
  absl::flat_hash_map<std::uint64_t, Asked> asked_;      // by token
  // At kMaxBehind or kMaxBehindBytes nobody is asked any more; what was asked about until then is
  // as much as the forwarder lets wait.
  std::deque<Behind> behind_;
  std::size_t behind_bytes_ = 0;
  std::uint64_t next_token_ = 1;
  std::uint64_t turned_away_ = 0;
};

}  // namespace sojourn::app
