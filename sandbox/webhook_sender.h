// Tells the world of the messages that the sandbox "sent": one POST for each thing that happens to
// them, when it is due, again after a while when it was refused. What waits is in memory only.
//
// Loop thread only; the loop and the clock outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "runtime/uv/callback.h"
#include "runtime/uv/http_client.h"
#include "runtime/uv/timer.h"
#include "sandbox/happenings.h"
#include "sandbox/sent_message.h"
#include "sandbox/told_notice.h"

namespace sojourn::base {
class Clock;
}  // namespace sojourn::base
namespace sojourn::uv {
class Loop;
}  // namespace sojourn::uv

namespace sojourn::sandbox {

struct WebhookOptions {
  std::string url;                      // empty: nobody is told
  std::vector<uv::HttpHeader> headers;  // a secret, usually
  PeopleModel people;
  std::uint64_t seed = 1;
  // What takes people an hour takes this many times less.
  std::int64_t speed = 1;
};

// Counted since the start, except the first two.
struct WebhookStats {
  std::size_t waiting = 0;
  std::size_t in_flight = 0;
  std::uint64_t taken = 0;     // answered with a 2xx
  std::uint64_t refused = 0;   // attempts that got another answer, or none
  std::uint64_t given_up = 0;  // after kMaxAttempts
  std::uint64_t dropped = 0;   // for lack of room
  std::uint64_t lost = 0;      // as the model wants it
};

class WebhookSender {
 public:
  static constexpr std::size_t kMaxWaiting = 500'000;
  static constexpr std::size_t kMaxInFlight = 256;
  // How often Iterable tries is not published.
  static constexpr int kMaxAttempts = 10;

  // `email_channels` are all of the project. `happened` is called when something is due, before it
  // is told: the project notes it. `told` is called when a notice has ended, once for each time
  // that it was to be told: what ended is kept.
  using Happened = uv::Callback<void(const SentMessage&, Happening::Kind, base::Instant)>;
  using Told = uv::Callback<void(const ToldNotice&)>;
  WebhookSender(uv::Loop& loop, base::Clock& clock, WebhookOptions options,
                std::vector<std::int64_t> email_channels, Happened happened, Told told);

  // Attempts from now on go there.
  void set_url(std::string url) { options_.url = std::move(url); }

  void take(std::vector<SentMessage> messages);
  // Looks at the clock and sends what is due; by itself it does when its timer runs out.
  void advance();
  WebhookStats stats() const;

 private:
  struct Waiting {
    std::shared_ptr<const SentMessage> message;
    Happening::Kind kind = Happening::Kind::kSend;
    base::Instant at;       // it happened
    std::string body = {};  // made when it is first sent
    base::Instant begun = {};
    int attempts = 0;
    int unanswered = 0;
    bool repeat = false;
    bool lost = false;
    bool again = false;
  };

  void put(base::Instant due, Waiting waiting);
  void send(Waiting waiting);
  void answered(Waiting waiting, const uv::HttpOutcome& outcome);
  void taken(Waiting waiting, base::Instant now);
  void end(const Waiting& waiting, ToldNotice::End end, base::Instant now);
  void arm();
  base::Millis in_haste(base::Millis length) const;

  base::Clock& clock_;
  WebhookOptions options_;
  std::vector<std::int64_t> email_channels_;
  Happened happened_;
  Told told_;
  std::shared_ptr<const uv::HeaderSet> headers_;
  std::multimap<base::Instant, Waiting> waiting_;
  WebhookStats stats_;
  uv::Timer timer_;
  uv::HttpClient client_;
};

}  // namespace sojourn::sandbox
