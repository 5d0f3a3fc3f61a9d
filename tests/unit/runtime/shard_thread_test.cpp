// A shard on its thread: who asked for something is answered, also when the shard dies under it.
#include "runtime/shard_thread.h"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

#include "base/driven_clock.h"
#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "runtime/program.h"
#include "runtime/shard.h"
#include "runtime/store/passing_store.h"
#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::runtime {
namespace {

// Fails every look for timers once it is told to.
class FailingStore final : public store::PassingStore {
 public:
  using PassingStore::PassingStore;
  base::Result<std::optional<base::Instant>> next_timer() override {
    if (fails) return base::failure(base::Error::Kind::kFatal, "the disk is gone");
    return PassingStore::next_timer();
  }
  std::atomic<bool> fails = false;
};

class Nobody final : public Publisher {
 public:
  void publish(TurnOutput) override {}
  void answer(QueryAnswer) override {}
};

class ShardThreadTest : public testing::Test {
 protected:
  std::unique_ptr<store::Store> open() {
    store::SqliteOptions options;
    options.path = directory_.file("data.db");
    return store::open_sqlite_store(options).value();
  }
  // A job that is under way, and never ends by itself. Returns when its first step is done.
  void begin_job() {
    std::promise<void> begun;
    auto said = std::make_shared<bool>(false);
    ASSERT_TRUE(
        thread_.run_between_turns({[&begun, said] {
                                     if (!std::exchange(*said, true)) begun.set_value();
                                     return false;
                                   },
                                   [this](const base::Error& why) { given_up_ += why.message; }}));
    begun.get_future().wait();
  }

  store::ScratchDirectory directory_;
  std::unique_ptr<store::Store> file_ = open();
  FailingStore store_{*file_};
  std::unique_ptr<calendar::ZoneSource> zones_ = std::move(*tzdata::SystemZones::open());
  base::SeededRandom random_{7};
  base::DrivenClock clock_{base::Instant{1'772'355'600'000}};
  Nobody nobody_;
  Shard shard_{{},     apply_program("test", {}, {}, store_).value(), store_, *zones_, random_,
               nobody_};
  std::string given_up_;  // the shard's thread writes it until it has ended
  std::promise<std::string> died_;
  ShardThread thread_{
      shard_, clock_, {100, std::size_t{1} << 20}, [this](const base::Error& error) {
        died_.set_value(given_up_ + "; then " + error.message);
      }};
};

TEST_F(ShardThreadTest, AJobUnderWayIsAnsweredWhenTheShardDies) {
  ASSERT_TRUE(shard_.recover(clock_.wall()));
  thread_.start();
  begin_job();
  store_.fails = true;
  EXPECT_EQ(died_.get_future().get(), "the disk is gone; then the disk is gone");
  EXPECT_FALSE(thread_.run_between_turns({[] { return true; }, [](const base::Error&) {}}))
      << "nobody would work on it";
  thread_.stop();
}

TEST_F(ShardThreadTest, AJobUnderWayIsGivenUpWhileTheRestGoesOn) {
  ASSERT_TRUE(shard_.recover(clock_.wall()));
  thread_.start();
  begin_job();
  EXPECT_FALSE(thread_.state().idle);
  thread_.end_jobs();
  EXPECT_FALSE(thread_.run_between_turns({[] { return true; }, [](const base::Error&) {}}));
  while (!thread_.state().idle) {
  }
  EXPECT_EQ(given_up_, "the daemon stops");
  EXPECT_TRUE(thread_.offer(StopClaiming{}));
  thread_.stop();
  EXPECT_EQ(given_up_, "the daemon stops") << "it is told once";
}

TEST_F(ShardThreadTest, AJobUnderWayIsAnsweredWhenTheThreadStops) {
  ASSERT_TRUE(shard_.recover(clock_.wall()));
  thread_.start();
  begin_job();
  thread_.stop();
  EXPECT_EQ(given_up_, "the daemon stops");
}

}  // namespace
}  // namespace sojourn::runtime
