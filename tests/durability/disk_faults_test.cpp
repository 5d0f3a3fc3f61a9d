// One call to the disk after the other fails, in every way in which a disk can: while a shard is
// busy, and while the next process takes over. The process ends then, as the daemon does; the next
// one finds everything that was promised, and finishes what was begun.
//
// SOJOURN_SEED=N in the environment gives other traffic than the everyday run has.
#include <algorithm>
#include <cstdlib>
#include <gmock/gmock.h>
#include <iostream>

#include "tests/durability/busy_days.h"
#include "tests/durability/finish.h"
#include "tests/durability/power_cut.h"

namespace sojourn::durability {
namespace {

using store::IoObserver;
using store::PowerDisk;
using Verdict = IoObserver::Verdict;
using Lasts = PowerDisk::Lasts;

constexpr int kTurns = 40;
constexpr int kMoreTurns = 12;

struct Fault {
  const char* name;
  Verdict verdict;
  Lasts lasts;
};

std::uint64_t seed() {
  const char* wanted = std::getenv("SOJOURN_SEED");
  return wanted == nullptr ? 5 : std::strtoull(wanted, nullptr, 10);
}

std::string describe(const std::vector<Broken>& broken) {
  std::string text;
  for (const Broken& b : broken) text += "\n  " + std::string(to_string(b.promise)) + ": " + b.what;
  return text;
}

// What any history adds up to, once nothing is left to do.
void expect_accounted_for(store::Store& store) {
  EXPECT_EQ(total(store, "exited"), total(store, "entered"));
  EXPECT_EQ(total(store, "inside"), 0);
  EXPECT_EQ(total(store, "accepted") + total(store, "skipped"), total(store, "planned"));
}

// A new process on the files at `path`, on a disk that works.
void take_over(const std::string& path, base::Instant now) {
  WatchedShard after(path, seed());
  ASSERT_TRUE(after.shard().recover(now).has_value());
  finish(after, now);
  expect_accounted_for(after.store());
}

class DiskFaults : public ::testing::TestWithParam<Fault> {
 protected:
  // `fails_at` is given one call after the other, until none is left that could fail.
  template <typename FailsAt>
  void sweep(const FailsAt& fails_at, int at_least) {
    int tried = 0;
    while (!HasFailure() && fails_at(tried + 1)) {
      SCOPED_TRACE(++tried);
    }
    std::cout << "seed " << seed() << ": " << tried << " calls failed in turn\n";
    EXPECT_GE(tried, at_least);
  }
};

// False when the run ended before its disk could fail.
bool busy_shard_fails_at(int call, const Fault& fault) {
  BusyDays days(seed());
  Witness& witness = days.shard().witness();
  witness.disk().fail_any(call, fault.verdict, fault.lasts);
  const base::Status ended = days.try_go(kTurns);
  const bool failed = witness.disk().failed();
  // A copy of the log comes after its commit: when it fails, the next turn says so, if there is
  // one.
  if (!ended) {
    EXPECT_TRUE(failed) << ended.error().message;
    EXPECT_EQ(ended.error().kind, base::Error::Kind::kFatal) << ended.error().message;
    EXPECT_NE(ended.error().hint, "") << ended.error().message;
  }
  const Promises promises = witness.promises();
  const auto cut = broken_by_power_cut(witness.power_cut(), promises);
  EXPECT_TRUE(cut.empty()) << "and the power went:" << describe(cut);
  const std::string path = days.stop();
  const auto left = broken_on_disk(path, promises);
  EXPECT_TRUE(left.empty()) << describe(left);
  take_over(path, days.now() + base::minutes(5));
  return failed;
}

TEST_P(DiskFaults, ABusyShardEndsAndTheNextProcessFinishesWhatItBegan) {
  sweep([](int call) { return busy_shard_fails_at(call, GetParam()); }, 50);
}

// What a power cut has left of a busy run, and what it had promised.
struct Left {
  PowerDisk::Image image;
  Promises promises;
  std::int64_t people = 0;
  base::Instant now;
};

Left busy_run() {
  BusyDays days(seed());
  EXPECT_TRUE(days.try_go(kTurns));
  const auto copies =
      std::ranges::count_if(days.shard().witness().happenings(), [](const Happening& happening) {
        const auto* synced = std::get_if<Synced>(&happening);
        return synced != nullptr && synced->file == kDatabaseName;
      });
  EXPECT_GT(copies, 2) << "the log should be copied into the database now and then";
  Left left{days.shard().witness().power_cut(), days.shard().witness().promises(),
            static_cast<std::int64_t>(days.traffic().people()), days.now() + base::minutes(5)};
  // Taking over puts every claim in doubt.
  left.promises.claims.clear();
  return left;
}

base::Status take_over_on(WatchedShard& shard, const std::string& path, base::Instant now) {
  if (auto opened = shard.open(path); !opened) return opened;
  if (auto recovered = shard.shard().recover(now); !recovered) return recovered;
  for (int i = 0; i < kMoreTurns; ++i) {
    const auto wake = shard.try_turn({}, now);
    if (!wake) return tl::unexpected(wake.error());
    now = std::max(now, *wake);
  }
  return {};
}

bool taking_over_fails_at(int call, const Fault& fault, const Left& left) {
  const store::ScratchDirectory directory(store::ScratchDirectory::Place::kMemory);
  const std::string path = restore(left.image, directory);
  bool failed = false;
  {
    WatchedShard shard(seed());
    shard.witness().disk().fail_any(call, fault.verdict, fault.lasts);
    const base::Status ended = take_over_on(shard, path, left.now);
    failed = shard.witness().disk().failed();
    if (!ended) {
      EXPECT_TRUE(failed) << ended.error().message;
      EXPECT_NE(ended.error().hint, "") << ended.error().message;
    }
  }
  const auto broken = broken_on_disk(path, left.promises);
  EXPECT_TRUE(broken.empty()) << describe(broken);
  WatchedShard after(path, seed());
  EXPECT_TRUE(after.shard().recover(left.now).has_value());
  finish(after, left.now);
  expect_accounted_for(after.store());
  EXPECT_EQ(counter(after.store(), "entered/welcome"), left.people);
  return failed;
}

TEST_P(DiskFaults, WhoeverTakesOverMayFailAndTheNextProcessFinishesAllTheSame) {
  const Left left = busy_run();
  ASSERT_GT(left.people, 5);
  sweep([&](int call) { return taking_over_fails_at(call, GetParam(), left); }, 5);
}

INSTANTIATE_TEST_SUITE_P(
    Verdicts, DiskFaults,
    ::testing::Values(Fault{"ErrorOnce", Verdict::kIoError, Lasts::kOnce},
                      Fault{"ErrorForGood", Verdict::kIoError, Lasts::kOn},
                      Fault{"FullOnce", Verdict::kDiskFull, Lasts::kOnce},
                      Fault{"FullForGood", Verdict::kDiskFull, Lasts::kOn},
                      Fault{"ShortWriteOnce", Verdict::kShortWrite, Lasts::kOnce},
                      Fault{"ShortWriteForGood", Verdict::kShortWrite, Lasts::kOn}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace sojourn::durability
