// How much may wait before a shard: until it is durable, and no longer than its sender waits.
#include <atomic>
#include <functional>
#include <future>
#include <gtest/gtest.h>
#include <semaphore>
#include <string>

#include "base/driven_clock.h"
#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "runtime/intake_parse.h"
#include "runtime/intake_size.h"
#include "runtime/program.h"
#include "runtime/shard.h"
#include "runtime/shard_thread.h"
#include "runtime/store/passing_store.h"
#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::runtime {
namespace {

// Each commit waits until it is let go on, once it has been told to.
class GatedStore final : public store::PassingStore {
 public:
  using PassingStore::PassingStore;
  void commit(const store::Commit& commit, const Done& done) override {
    if (is_gated_) {
      begun_.release();
      let_on_.acquire();
    }
    PassingStore::commit(commit, done);
  }
  void gate() { is_gated_ = true; }
  void wait_for_commit() { begun_.acquire(); }
  void let_commit() { let_on_.release(); }
  void let_all() {
    if (is_gated_.exchange(false)) let_on_.release();
  }

 private:
  std::atomic<bool> is_gated_ = false;
  std::counting_semaphore<> begun_{0};
  std::counting_semaphore<> let_on_{0};
};

// On the shard's thread, as the first result is told.
class Teller final : public Publisher {
 public:
  void publish(TurnOutput output) override {
    if (output.results.empty()) return;
    if (told == 0 && at_first) at_first();
    told += output.results.size();
  }
  void answer(QueryAnswer) override {}

  std::function<void()> at_first;
  std::atomic<std::size_t> told = 0;
};

enum class Bound : std::uint8_t { kItems, kBytes };

// Two requests have room, and a turn takes one.
class RoomTest : public testing::TestWithParam<Bound> {
 protected:
  RoomTest() { EXPECT_TRUE(shard_.recover(clock_.wall())); }
  ~RoomTest() override {
    store_.let_all();
    thread_.stop();
  }

  std::unique_ptr<store::Store> open() {
    store::SqliteOptions options;
    options.path = directory_.file("data.db");
    return store::open_sqlite_store(options).value();
  }
  static ShardSettings one_at_a_time() {
    ShardSettings settings;
    settings.max_items_per_turn = 1;
    return settings;
  }
  IntakeRequest request(char who) {
    const std::string body = std::string(R"({"email":")") + who + R"(@example.com"})";
    return parser_.parse(IntakeRequest::Endpoint::kUsersUpdate, body, "").value();
  }
  bool offer(char who) { return thread_.offer(request(who)); }
  ShardThread::Room two() {
    constexpr std::size_t kEnough = 1'000'000;
    if (GetParam() == Bound::kItems) return {2, kEnough};
    return {kEnough, 2 * bytes_of(request('a'))};
  }
  void expect_waiting(std::size_t requests) {
    const ShardThread::State state = thread_.state();
    EXPECT_EQ(state.waiting_items, requests);
    EXPECT_EQ(state.waiting_bytes, requests * bytes_of(request('a')));
  }

  store::ScratchDirectory directory_;
  std::unique_ptr<store::Store> file_ = open();
  GatedStore store_{*file_};
  std::unique_ptr<calendar::ZoneSource> zones_ = std::move(*tzdata::SystemZones::open());
  base::SeededRandom random_{7};
  base::DrivenClock clock_{base::Instant{1'772'355'600'000}};
  std::shared_ptr<const Program> program_ = apply_program("test", {}, {}, store_).value();
  IntakeParser parser_{*program_, {}};
  Teller teller_;
  Shard shard_{one_at_a_time(), program_, store_, *zones_, random_, teller_};
  std::function<void()> on_room_ = [] { ADD_FAILURE() << "nobody was refused"; };
  ShardThread thread_{
      shard_, clock_, two(),
      [](const base::Error& error) { ADD_FAILURE() << "the shard died: " << error.message; },
      [this] { on_room_(); }};
};

TEST_P(RoomTest, IsTakenUntilWhatWaitsIsDurable) {
  ASSERT_TRUE(offer('a'));
  ASSERT_TRUE(offer('b'));
  EXPECT_FALSE(offer('c'));
  on_room_ = [] {};
  store_.gate();
  thread_.start();
  store_.wait_for_commit();
  expect_waiting(2);
  EXPECT_FALSE(offer('c')) << "one is in a turn, and one waits for the next";
  store_.let_commit();
  store_.wait_for_commit();
  expect_waiting(1);
  EXPECT_TRUE(offer('c'));
  EXPECT_FALSE(offer('d'));
  store_.let_all();
  thread_.stop();
  EXPECT_EQ(teller_.told, 3U);
  expect_waiting(0);
}

TEST_P(RoomTest, IsToldOfOnceToWhoeverWasRefused) {
  ASSERT_TRUE(offer('a'));
  ASSERT_TRUE(offer('b'));
  ShardInput late = request('c');
  ASSERT_FALSE(thread_.try_offer(late));
  EXPECT_EQ(std::get<IntakeRequest>(late).items.size(), 1U) << "it is as it was";
  std::promise<bool> was_taken;
  on_room_ = [&] { was_taken.set_value(thread_.try_offer(late)); };
  thread_.start();
  EXPECT_TRUE(was_taken.get_future().get());
  thread_.stop();
  EXPECT_EQ(teller_.told, 3U);
}

TEST_P(RoomTest, IsThereForWhoeverHasBeenTold) {
  ASSERT_TRUE(offer('a'));
  ASSERT_TRUE(offer('b'));
  on_room_ = [] {};
  std::promise<bool> was_taken;
  teller_.at_first = [&] { was_taken.set_value(offer('c') && !offer('d')); };
  thread_.start();
  EXPECT_TRUE(was_taken.get_future().get());
  thread_.stop();
  EXPECT_EQ(teller_.told, 3U);
}

INSTANTIATE_TEST_SUITE_P(Bounds, RoomTest, testing::Values(Bound::kItems, Bound::kBytes),
                         [](const auto& param) {
                           return param.param == Bound::kItems ? "Items" : "Bytes";
                         });

}  // namespace
}  // namespace sojourn::runtime
