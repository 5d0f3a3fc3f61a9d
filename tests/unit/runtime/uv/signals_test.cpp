#include "runtime/uv/signals.h"

#include <csignal>
#include <gtest/gtest.h>
#include <vector>

#include "runtime/uv/loop.h"

namespace sojourn::uv {
namespace {

TEST(StopSignals, HandsOverBothEachTimeTheyArrive) {
  Loop loop;
  std::vector<int> caught;
  const StopSignals signals(loop, [&](int number) {
    caught.push_back(number);
    if (caught.size() == 1) std::raise(SIGINT);
    if (caught.size() == 2) loop.stop();
  });
  loop.post([] { std::raise(SIGTERM); });
  loop.run();
  EXPECT_EQ(caught, (std::vector<int>{SIGTERM, SIGINT}));
}

TEST(StopSignalsDeathTest, LetsTheSignalKillAgainAfterwards) {
  EXPECT_EXIT(
      {
        Loop loop;
        {
          const StopSignals signals(loop, [](int) {});
        }
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace sojourn::uv
