#include "runtime/uv/loop.h"

#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "runtime/uv/os_random.h"
#include "runtime/uv/system_clock.h"
#include "runtime/uv/timer.h"

namespace sojourn::uv {
namespace {

TEST(Loop, RunsPostedTasksInOrderAndStopsAfterThoseBefore) {
  Loop loop;
  std::vector<int> seen;
  for (int i = 0; i < 3 * Loop::kTasksPerTurn; ++i) {
    loop.post([&seen, i] { seen.push_back(i); });
  }
  loop.stop();
  loop.run();
  ASSERT_EQ(seen.size(), 3u * Loop::kTasksPerTurn);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], static_cast<int>(i));
}

TEST(Loop, LosesNoTaskThatManyThreadsPost) {
  Loop loop;
  constexpr int kThreads = 4;
  constexpr int kTasks = 5000;
  int sum = 0;  // touched by the loop's thread only
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kTasks; ++i) {
        loop.post([&] {
          if (++sum == kThreads * kTasks) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, kThreads * kTasks);
}

TEST(Loop, DestroysTasksThatItNeverRan) {
  auto owned = std::make_shared<int>(1);
  bool ran = false;
  {
    Loop loop;
    loop.post([owned, &ran] { ran = true; });
  }
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_FALSE(ran);
}

TEST(Loop, TasksMayOwnWhatCannotBeCopied) {
  Loop loop;
  int seen = 0;
  loop.post([&seen, number = std::make_unique<int>(7)] { seen = *number; });
  loop.stop();
  loop.run();
  EXPECT_EQ(seen, 7);
}

TEST(BeforePoll, ComesAfterEveryTurnAndAlsoAfterTheLast) {
  Loop loop;
  int gathered = 0;
  int sent = 0;
  const BeforePoll send(loop, [&] { sent += std::exchange(gathered, 0); });
  loop.post([&] { gathered += 1; });
  loop.post([&] { gathered += 1; });
  loop.stop();
  loop.run();
  EXPECT_EQ(sent, 2);
}

TEST(Timer, IsDueOnceAndInOrder) {
  Loop loop;
  std::string order;
  Timer late(loop, [&] {
    order += "late ";
    loop.stop();
  });
  Timer early(loop, [&] { order += "early "; });
  Timer never(loop, [&] { order += "never "; });
  loop.post([&] {
    late.start(base::Millis{20});
    early.start(base::Millis{5});
    never.start(base::Millis{1});
    never.stop();
    EXPECT_TRUE(late.running());
    EXPECT_FALSE(never.running());
  });
  loop.run();
  EXPECT_EQ(order, "early late ");
  EXPECT_FALSE(early.running());
}

TEST(Timer, MayStartAgainOrBeDestroyedFromItsOwnCall) {
  Loop loop;
  int calls = 0;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(loop, [&] {
    if (++calls < 3) {
      timer->start(base::Millis{0});
    } else {
      timer.reset();
      loop.stop();
    }
  });
  timer->start(base::Millis{0});
  loop.run();
  EXPECT_EQ(calls, 3);
}

TEST(Timer, CallsNobodyOnceDestroyed) {
  Loop loop;
  bool called = false;
  auto timer = std::make_unique<Timer>(loop, [&] { called = true; });
  timer->start(base::Millis{0});
  timer.reset();
  Timer later(loop, [&] { loop.stop(); });
  later.start(base::Millis{2});
  loop.run();
  EXPECT_FALSE(called);
}

TEST(Timer, IsNotEarlyAgainstAClockByMoreThanAMillisecond) {
  Loop loop;
  SystemClock clock;
  std::int64_t due = 0;
  Timer timer(loop, [&] {
    EXPECT_GE(clock.monotonic_millis(), due - 1);
    loop.stop();
  });
  loop.post([&] {
    // The loop's own idea of now is older than this by the time it takes to get here.
    const std::int64_t before = clock.monotonic_millis();
    while (clock.monotonic_millis() < before + 20) {
    }
    due = clock.monotonic_millis() + 10;
    timer.start(base::Millis{10});
  });
  loop.run();
}

TEST(SystemClock, ReadsBothClocks) {
  SystemClock clock;
  EXPECT_GT(clock.wall(), base::Instant{1'700'000'000'000});
  const std::int64_t before = clock.monotonic_millis();
  EXPECT_GE(clock.monotonic_millis(), before);
}

// What SeededRandom gives behind `number`: 64 bits are all that it knows.
std::uint64_t following(std::uint64_t number) {
  std::uint64_t z = number;
  z = (z ^ (z >> 31) ^ (z >> 62)) * 0x3196'42B2'D24D'8EC3;
  z = (z ^ (z >> 27) ^ (z >> 54)) * 0x96DE'1B17'3F11'9089;
  z = z ^ (z >> 30) ^ (z >> 60);
  return base::SeededRandom(z).next();
}

TEST(OsRandom, SaysNothingOfTheNextNumberByOne) {
  const auto seeded = os_seeded_random();
  const std::uint64_t first = seeded->next();
  ASSERT_EQ(seeded->next(), following(first)) << "who knows one number knows all";
  const auto random = os_random();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t one = random->next();
    EXPECT_NE(random->next(), following(one));
    EXPECT_TRUE(seen.insert(one).second);
  }
}

TEST(OsSeededRandom, DiffersEachTime) {
  EXPECT_NE(os_seeded_random()->next(), os_seeded_random()->next());
}

}  // namespace
}  // namespace sojourn::uv
