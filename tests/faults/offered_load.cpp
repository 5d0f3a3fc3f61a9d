#include "tests/faults/offered_load.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <iterator>
#include <thread>

#include "runtime/uv/system_clock.h"

namespace sojourn::faults {
namespace {

std::string email_of(const OfferedLoad& load, std::uint64_t bulk, int item) {
  return fmt::format("{}.{}.{}@example.com", load.people, bulk, item);
}

std::string body_of(const OfferedLoad& load, std::uint64_t bulk) {
  e2e::Json events = e2e::Json::array();
  for (int item = 0; item < OfferedLoad::kBulk; ++item) {
    events.push_back({{"email", email_of(load, bulk, item)},
                      {"eventName", "signup"},
                      {"id", fmt::format("{}-{}-{}", load.people, bulk, item)}});
  }
  return e2e::Json{{"events", std::move(events)}}.dump();
}

// One connection, until the time is up.
class Sender {
 public:
  Sender(const OfferedLoad& load, e2e::Daemon& daemon, std::atomic<std::uint64_t>& next,
         std::int64_t began)
      : load_(load), daemon_(daemon), next_(next), began_(began), http_(daemon.port()) {}

  void run() {
    while (true) {
      const std::uint64_t bulk = next_++;
      const std::string body = body_of(load_, bulk);
      if (!wait_until_due(bulk)) break;
      send(bulk, body);
    }
    result_.millis = clock_.monotonic_millis() - began_;
  }

  LoadResult result() { return std::move(result_); }

 private:
  // False once the load is over, or the daemon.
  bool wait_until_due(std::uint64_t bulk) {
    const double rate = load_.events_per_second;
    const auto due =
        began_ + (rate <= 0 ? 0
                            : static_cast<std::int64_t>(
                                  static_cast<double>(bulk * OfferedLoad::kBulk) * 1'000 / rate));
    while (true) {
      const std::int64_t now = clock_.monotonic_millis();
      if (now - began_ >= load_.millis) return false;
      if (now >= due) return true;
      if (daemon_.process().ended_within(static_cast<int>(due - now))) return false;
    }
  }

  void send(std::uint64_t bulk, const std::string& body) {
    result_.offered += OfferedLoad::kBulk;
    const e2e::Answer answer = http_.post("/api/events/trackBulk", body,
                                          {"Api-Key: " + std::string(e2e::Project::kIntakeKey)});
    if (answer.status == 429) {
      result_.turned_away += OfferedLoad::kBulk;
    } else if (answer.status == 200 && answer.json().value("failCount", -1) == 0) {
      for (int item = 0; item < OfferedLoad::kBulk; ++item) {
        result_.acknowledged.push_back(email_of(load_, bulk, item));
      }
    } else {
      ++result_.others;
    }
  }

  const OfferedLoad& load_;
  e2e::Daemon& daemon_;
  std::atomic<std::uint64_t>& next_;
  const std::int64_t began_;
  e2e::Http http_;
  uv::SystemClock clock_;
  LoadResult result_;
};

}  // namespace

double LoadResult::per_second() const {
  return static_cast<double>(acknowledged.size()) * 1'000 /
         static_cast<double>(std::max<std::int64_t>(millis, 1));
}

LoadResult offer(const OfferedLoad& load, e2e::Daemon& daemon) {
  std::atomic<std::uint64_t> next{0};
  const std::int64_t began = uv::SystemClock().monotonic_millis();
  std::vector<std::unique_ptr<Sender>> senders;
  std::vector<std::thread> threads;
  for (int i = 0; i < load.connections; ++i) {
    senders.push_back(std::make_unique<Sender>(load, daemon, next, began));
    threads.emplace_back([sender = senders.back().get()] { sender->run(); });
  }
  LoadResult sum;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads[i].join();
    LoadResult one = senders[i]->result();
    sum.offered += one.offered;
    sum.turned_away += one.turned_away;
    sum.others += one.others;
    sum.millis = std::max(sum.millis, one.millis);
    std::ranges::move(one.acknowledged, std::back_inserter(sum.acknowledged));
  }
  return sum;
}

}  // namespace sojourn::faults
