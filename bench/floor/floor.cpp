#include "bench/floor/floor.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "bench/wire/clock.h"
#include "graph/reserved.h"

namespace sojourn::bench {
namespace {

constexpr std::size_t kMaxQueued = 8192;
constexpr std::size_t kMaxTakenPerTurn = 512;
constexpr int kLongestSleepMs = 1000;

// Message 1 is campaign 101; message 2 is 102 for plan `pro`, 103 for others.
int campaign_of(const Person& person) {
  if (person.next_message == 1) return 101;
  return person.plan == "pro" ? 102 : 103;
}

// The body that the daemon sends for this journey, but for how the key is made.
void append_send(std::string& out, const Person& person) {
  std::string body = fmt::format(R"({{"campaignId":{},"recipientEmail":)", campaign_of(person));
  base::append_json_string(body, person.email);
  fmt::format_to(
      std::back_inserter(body),
      R"(,"dataFields":{{"{0}":"{1:024x}{2:08x}"}},"metadata":{{"{0}":"{1:024x}{2:08x}"}}}})",
      graph::kMessageKeyField, person.id, person.next_message);
  append_request(out, "POST", "/api/email/target", "floor", body);
}

}  // namespace

Floor::Floor(Poller& poller, const FloorOptions& options)
    : poller_(poller),
      options_(options),
      store_(options.database_path),
      intake_([this](std::string_view email, std::string_view plan) { begin_journey(email, plan); },
              [this](const KeptEvent& event) { store_.keep(event); }),
      server_(poller, [this](const HttpMessage& request,
                             std::string& answer) { intake_.handle(request, answer); }),
      now_(clock()) {}

base::Instant Floor::clock() const {
  return wall_now() - options_.behind;
}

base::Status Floor::start() {
  senders_.resize(options_.sink_connections);
  for (std::size_t i = 0; i < senders_.size(); ++i) {
    senders_[i].channel = std::make_unique<HttpChannel>(poller_, *this, i);
    if (auto connected = senders_[i].channel->connect(options_.sink_port); !connected) {
      return connected;
    }
    idle_senders_.push_back(i);
  }
  return server_.listen(options_.listen_port);
}

void Floor::turn() {
  poller_.wait(milliseconds_to_sleep());
  now_ = clock();
  poller_.tell();
  refill();
  store_.commit();
  server_.flush();
  send();
}

void Floor::begin_journey(std::string_view email, std::string_view plan) {
  Person person{{}, store_.new_id(), 1, std::string(email), std::string(plan)};
  if (options_.hold > base::Millis{}) return wait(std::move(person), options_.hold);
  store_.insert(person);
  if (entered_behind_ || queue_.size() >= kMaxQueued) {
    entered_behind_ = true;
    return;
  }
  entered_cursor_ = person.id;
  queue_.push_back(std::move(person));
}

void Floor::wait(Person person, base::Millis time) {
  // The millisecond of `now_` has begun, so one more is needed to be never early;
  // and never behind the cursor, even when the wall clock was set back.
  person.due = std::max(now_ + time + base::Millis{1}, due_cursor_ + base::Millis{1});
  next_due_ = std::min(next_due_, person.due);
  store_.insert(person);
}

void Floor::on_response(std::size_t channel, const HttpMessage& response) {
  if (response.second_word != "200") {
    fmt::print(stderr, "floor: the sink answered {}; the floor retries nothing\n",
               response.second_word);
    std::exit(1);
  }
  Person person = std::move(senders_[channel].person);
  idle_senders_.push_back(channel);
  store_.remove(person);
  if (person.next_message == 2) return;
  person.next_message = 2;
  wait(std::move(person), options_.delay);
}

void Floor::on_broken(std::size_t) {
  fmt::print(stderr, "floor: a connection to the sink broke; the floor retries nothing\n");
  std::exit(1);
}

void Floor::refill() {
  if (queue_.size() + kMaxTakenPerTurn > kMaxQueued) return;
  taken_.clear();
  if (now_ >= next_due_) {
    next_due_ = store_.read_due(due_cursor_, due_cursor_id_, now_, kMaxTakenPerTurn, taken_);
    if (!taken_.empty()) {
      due_cursor_ = taken_.back().due;
      due_cursor_id_ = taken_.back().id;
    }
  }
  if (entered_behind_ && taken_.empty()) {
    store_.read_entered(entered_cursor_, kMaxTakenPerTurn, taken_);
    entered_behind_ = taken_.size() == kMaxTakenPerTurn;
    if (!taken_.empty()) entered_cursor_ = taken_.back().id;
  }
  std::move(taken_.begin(), taken_.end(), std::back_inserter(queue_));
}

void Floor::send() {
  while (!idle_senders_.empty() && !queue_.empty()) {
    Sender& sender = senders_[idle_senders_.back()];
    idle_senders_.pop_back();
    sender.person = std::move(queue_.front());
    queue_.pop_front();
    request_.clear();
    append_send(request_, sender.person);
    sender.channel->send(request_);
  }
}

int Floor::milliseconds_to_sleep() const {
  const bool room = queue_.size() + kMaxTakenPerTurn <= kMaxQueued;
  if (room && entered_behind_) return 0;
  if (!room || next_due_ == base::kNever) return kLongestSleepMs;
  const std::int64_t left = (next_due_ - clock()).count;
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kLongestSleepMs));
}

}  // namespace sojourn::bench
