#include "app/connection_budget.h"

#include <gtest/gtest.h>

namespace sojourn::app {
namespace {

TEST(ConnectionBudget, WithRoomForAllNothingIsLowered) {
  Config config;
  const Config before = config;
  EXPECT_FALSE(fit_connections(config, 4'096));
  EXPECT_EQ(config.max_connections, before.max_connections);
  EXPECT_EQ(config.iterable_connections, before.iterable_connections);
}

TEST(ConnectionBudget, WhatIsThereIsEnoughForAllTogether) {
  for (std::size_t files = kLeastFiles; files < 2'000; ++files) {
    for (const auto mode : {runtime::ForwardMode::kOff, runtime::ForwardMode::kQueue}) {
      Config config;
      config.forward.mode = mode;
      fit_connections(config, files);
      const std::size_t forwards =
          mode == runtime::ForwardMode::kOff ? 0 : config.forward.max_connections;
      const std::size_t operators = 2 * kOperatorConnections;
      EXPECT_LE(
          kInnerFiles + operators + config.max_connections + config.iterable_connections + forwards,
          files);
      EXPECT_GE(config.max_connections, 1U);
      EXPECT_GE(config.iterable_connections, 1U);
    }
  }
}

TEST(ConnectionBudget, WithTooFewItSaysSo) {
  EXPECT_TRUE(expect_files(kLeastFiles).has_value());
  const auto too_few = expect_files(kLeastFiles - 1);
  ASSERT_FALSE(too_few.has_value());
  EXPECT_EQ(too_few.error().message,
            "the system lets this process open 127 files, and 128 is the least");
}

}  // namespace
}  // namespace sojourn::app
