#include "bench/load/load.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <vector>

#include "bench/wire/clock.h"
#include "bench/wire/http_channel.h"
#include "bench/wire/percentile.h"

namespace sojourn::bench {
namespace {

constexpr std::int64_t kLongestSleepMs = 100;

class Load : public ChannelOwner {
 public:
  explicit Load(const LoadOptions& options) : options_(options) {}

  base::Result<LoadReport> run() {
    if (auto connected = connect(); !connected) return tl::unexpected(connected.error());
    started_ = report_.first_sent_micros = monotonic_micros();
    while (!error_ && !finished()) {
      dispatch();
      poller_.turn(milliseconds_to_sleep());
    }
    if (error_) return tl::unexpected(*error_);
    report_.latency_ms_p50 = percentile(latencies_micros_, 50) / 1000.0;
    report_.latency_ms_p99 = percentile(latencies_micros_, 99) / 1000.0;
    return report_;
  }

 private:
  struct Sender {
    std::unique_ptr<HttpChannel> channel;
    std::string request;
    int events = 0;
    std::int64_t due_micros = 0;  // when the request should have left
    std::int64_t rest_until = 0;  // after a 429
  };

  base::Status connect() {
    senders_.resize(static_cast<std::size_t>(options_.connections));
    for (std::size_t i = 0; i < senders_.size(); ++i) {
      senders_[i].channel = std::make_unique<HttpChannel>(poller_, *this, i);
      if (auto ok = senders_[i].channel->connect(options_.port); !ok) return ok;
      idle_.push_back(i);
    }
    return {};
  }

  bool exhausted(std::int64_t now) const {
    const bool all_made = options_.max_events > 0 && made_ >= options_.max_events;
    const bool over = options_.max_seconds > 0 &&
                      static_cast<double>(now - started_) >= options_.max_seconds * 1e6;
    const bool stopped = options_.stop != nullptr && options_.stop->load();
    return all_made || over || stopped;
  }

  bool finished() const { return idle_.size() == senders_.size() && exhausted(monotonic_micros()); }

  // When the next new request should leave: at once in a closed loop.
  std::int64_t next_due(std::int64_t now) const {
    if (options_.events_per_second <= 0) return now;
    return started_ +
           static_cast<std::int64_t>(static_cast<double>(made_) * 1e6 / options_.events_per_second);
  }

  void dispatch() {
    const std::int64_t now = monotonic_micros();
    std::erase_if(resting_, [&](std::size_t i) {
      if (senders_[i].rest_until > now) return false;
      senders_[i].channel->send(senders_[i].request);
      return true;
    });
    while (!idle_.empty() && !exhausted(now) && next_due(now) <= now) send_new(next_due(now));
  }

  void send_new(std::int64_t due) {
    const std::size_t i = idle_.back();
    idle_.pop_back();
    Sender& sender = senders_[i];
    sender.events = options_.events_per_request;
    if (options_.max_events > 0) {
      sender.events = static_cast<int>(std::min<std::uint64_t>(
          options_.max_events - made_, static_cast<std::uint64_t>(sender.events)));
    }
    sender.due_micros = due;
    sender.request = event_request(options_.stream, options_.api_key, options_.stream.first + made_,
                                   sender.events, wall_now());
    made_ += static_cast<std::uint64_t>(sender.events);
    sender.channel->send(sender.request);
  }

  void on_response(std::size_t number, const HttpMessage& response) override {
    Sender& sender = senders_[number];
    const std::int64_t now = monotonic_micros();
    if (response.second_word == "429") {
      ++report_.refused;
      sender.rest_until = now + std::max(1, response.retry_after_seconds) * std::int64_t{1'000'000};
      resting_.push_back(number);
      return;
    }
    if (response.second_word != "200") {
      error_ = base::Error{base::Error::Kind::kInvalid,
                           fmt::format("an event was answered {}: {}", response.second_word,
                                       response.body.substr(0, 300)),
                           {}};
      return;
    }
    report_.acknowledged += static_cast<std::uint64_t>(sender.events);
    report_.last_answer_micros = now;
    latencies_micros_.push_back(static_cast<std::uint32_t>(now - sender.due_micros));
    idle_.push_back(number);
  }

  void on_broken(std::size_t) override {
    error_ = base::Error{base::Error::Kind::kUnavailable,
                         fmt::format("a connection to 127.0.0.1:{} broke", options_.port),
                         {}};
  }

  int milliseconds_to_sleep() const {
    const std::int64_t now = monotonic_micros();
    std::int64_t wake = now + kLongestSleepMs * 1000;
    for (const std::size_t i : resting_) wake = std::min(wake, senders_[i].rest_until);
    if (!idle_.empty() && !exhausted(now)) wake = std::min(wake, next_due(now));
    return static_cast<int>(std::max<std::int64_t>(0, (wake - now + 999) / 1000));
  }

  LoadOptions options_;
  Poller poller_;
  std::vector<Sender> senders_;
  std::vector<std::size_t> idle_;
  std::vector<std::size_t> resting_;
  std::uint64_t made_ = 0;
  std::int64_t started_ = 0;
  std::vector<std::uint32_t> latencies_micros_;
  LoadReport report_;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<LoadReport> run_load(const LoadOptions& options) {
  return Load(options).run();
}

}  // namespace sojourn::bench
