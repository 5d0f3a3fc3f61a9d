// The store under the welcome journey: people enter, are sent a message, wait,
// are sent another, and leave. Arguments: page size, inputs per commit, people
// waiting. Each iteration takes one batch of people in and one batch of others,
// whose timers came first, out. Dues are random over a day.
#include <benchmark/benchmark.h>
#include <filesystem>
#include <fmt/core.h>
#include <memory>

#include "base/check.h"
#include "base/random.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/vfs.h"

namespace sojourn::store {
namespace {

constexpr std::int64_t kDayMillis = 86'400'000;
constexpr std::int32_t kToday = 20'500;

// Bodies of the sizes that the runtime's encodings have.
const std::string kHead(70, 'h');
const std::string kEnrollment(90, 'e');
const std::string kLog(60, 'l');
const std::string kMessage(300, 'm');

class BytesWritten final : public IoObserver {
 public:
  void after(const IoCall& io) override {
    if (io.kind != IoCall::Kind::kWrite) return;
    (io.file == IoCall::File::kLog ? log_bytes : database_bytes) += io.size_bytes;
  }
  std::int64_t log_bytes = 0;
  std::int64_t database_bytes = 0;
};

class Workload {
 public:
  Workload(const std::filesystem::path& path, std::uint32_t page_bytes, BytesWritten& written) {
    SqliteOptions options;
    options.path = path;
    options.page_bytes = page_bytes;
    options.observer = &written;
    store_ = open_sqlite_store(options).value();
  }

  // One turn of intake, then the turns that claim and end its messages.
  void enter(std::size_t people) {
    Commit start;
    std::vector<DeliveryKey> messages;
    ReadSet read;
    for (std::size_t i = 0; i < people; ++i) {
      const std::uint64_t person = ++people_;
      read.identities.push_back(
          {Identity::Kind::kEmail, fmt::format("user{}@example.com", person)});
      read.identities.push_back({Identity::Kind::kUserId, fmt::format("customer-{}", person)});
      read.seen.push_back({read.identities.back().shard(), kToday, random_.next()});
    }
    SOJOURN_CHECK(store_->load(read).has_value(), "a benchmark's store works");
    for (std::size_t i = 0; i < people; ++i) {
      const UserId user = store_->new_user(read.seen[i].shard).value();
      start.put_identities.emplace_back(read.identities[2 * i], user);
      start.put_identities.emplace_back(read.identities[2 * i + 1], user);
      start.put_rows.push_back({{user, RowKind::kHead, 0}, kHead});
      start.put_rows.push_back({{user, RowKind::kEnrollment, 1}, kEnrollment});
      start.put_rows.push_back({{user, RowKind::kLog, store_->sequence() + 1}, kLog});
      start.put_timers.push_back({user, now_ + base::Millis{random_day()}, 1});
      start.put_seen.push_back(read.seen[i]);
      messages.push_back({user, {random_.next(), random_.next()}});
    }
    plan(start, messages);
    start.counters = {{"welcome/1/entered", static_cast<std::int64_t>(people)}};
    commit(start);
    claim(messages);
    Commit outcome;
    outcome.remove_deliveries = messages;
    commit(outcome);
  }

  // The same for those whose timers come first; they end.
  void leave(std::size_t people) {
    const auto due = store_->due_timers(base::Instant{kDayMillis * 1000}, people).value();
    if (due.empty()) return;
    now_ = due.back().due;
    ReadSet read;
    for (const TimerKey& timer : due) read.users.push_back(timer.user);
    SOJOURN_CHECK(store_->load(read).has_value(), "a benchmark's store works");
    Commit fire;
    std::vector<DeliveryKey> messages;
    for (const TimerKey& timer : due) {
      fire.put_rows.push_back({{timer.user, RowKind::kEnrollment, 1}, kEnrollment});
      fire.put_rows.push_back({{timer.user, RowKind::kLog, store_->sequence() + 1}, kLog});
      messages.push_back({timer.user, {random_.next(), random_.next()}});
    }
    fire.remove_timers = due;
    plan(fire, messages);
    commit(fire);
    claim(messages);
    Commit end;
    end.remove_deliveries = messages;
    for (const TimerKey& timer : due) {
      end.remove_rows.push_back({timer.user, RowKind::kEnrollment, 1});
      end.put_rows.push_back({{timer.user, RowKind::kPast, 1}, "past"});
      end.put_rows.push_back({{timer.user, RowKind::kLog, store_->sequence() + 1}, kLog});
    }
    commit(end);
    benchmark::DoNotOptimize(store_->next_timer());
  }

 private:
  std::int64_t random_day() { return static_cast<std::int64_t>(random_.next() % kDayMillis); }

  void plan(Commit& turn, const std::vector<DeliveryKey>& messages) {
    for (const DeliveryKey& key : messages) turn.put_deliveries.push_back({key, now_, kMessage});
  }
  void claim(const std::vector<DeliveryKey>& messages) {
    const auto due = store_->due_deliveries(0, now_, messages.size()).value();
    Commit claims;
    for (Delivery delivery : due) {
      delivery.next_attempt.reset();
      claims.put_deliveries.push_back(std::move(delivery));
    }
    commit(claims);
  }
  void commit(const Commit& turn) {
    store_->commit(turn, [](const base::Result<std::uint64_t>& done) {
      SOJOURN_CHECK(done.has_value(), "a benchmark's store works");
    });
  }

  std::unique_ptr<Store> store_;
  base::SeededRandom random_{1};
  base::Instant now_{0};
  std::uint64_t people_ = 0;
};

void journeys(benchmark::State& state) {
  const auto directory = std::filesystem::temp_directory_path() / "sojourn-store-bench";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  BytesWritten written;
  const auto batch = static_cast<std::size_t>(state.range(1));
  {
    Workload workload(directory / "data.db", static_cast<std::uint32_t>(state.range(0)), written);
    for (std::int64_t waiting = 0; waiting < state.range(2); waiting += 1000) workload.enter(1000);
    written = {};
    for (auto _ : state) {
      workload.enter(batch);
      workload.leave(batch);
    }
  }
  const auto done = static_cast<double>(state.iterations()) * static_cast<double>(batch);
  state.SetItemsProcessed(static_cast<std::int64_t>(done));
  state.counters["log_bytes"] = static_cast<double>(written.log_bytes) / done;
  state.counters["db_bytes"] = static_cast<double>(written.database_bytes) / done;
  state.counters["cpu_us"] =
      benchmark::Counter(done / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  std::filesystem::remove_all(directory);
}
BENCHMARK(journeys)
    ->ArgsProduct({{1024, 2048, 4096, 8192}, {100, 500, 1000}, {100'000}})
    ->ArgNames({"page", "batch", "waiting"})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sojourn::store
