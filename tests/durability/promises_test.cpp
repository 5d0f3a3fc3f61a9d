// "Accepted is kept", and a claim is durable before a byte goes out. With
// SOJOURN_EXPECT_BROKEN=answer or send in the environment the test wants exactly
// those promises to be found broken: so the planted builds are run.
#include <algorithm>
#include <cstdlib>
#include <gmock/gmock.h>
#include <iostream>

#include "tests/durability/busy_days.h"

namespace sojourn::durability {
namespace {

constexpr int kTurns = 300;
constexpr std::size_t kShown = 5;

std::string describe(const std::vector<Broken>& broken) {
  std::string text = std::to_string(broken.size()) + " broken:";
  for (std::size_t i = 0; i < std::min(broken.size(), kShown); ++i) {
    text += "\n  " + std::string(to_string(broken[i].promise)) + ": " + broken[i].what;
  }
  return text;
}

void expect_only_planted(const std::vector<Broken>& broken) {
  const char* planted = std::getenv("SOJOURN_EXPECT_BROKEN");
  if (planted == nullptr) {
    EXPECT_TRUE(broken.empty()) << describe(broken);
    return;
  }
  EXPECT_FALSE(broken.empty()) << "the planted order went unnoticed";
  EXPECT_TRUE(std::ranges::all_of(broken, [&](const Broken& b) {
    return to_string(b.promise) == planted;
  })) << describe(broken);
}

std::ptrdiff_t published(const std::vector<Happening>& happenings, Promise promise) {
  return std::ranges::count_if(happenings, [&](const Happening& happening) {
    const auto* seen = std::get_if<Published>(&happening);
    return seen != nullptr && seen->promise == promise;
  });
}

class Durability : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Durability, PromisesAreOnDiskBeforeAnybodyIsTold) {
  std::cout << "seed " << GetParam() << '\n';
  BusyDays days(GetParam());
  days.go(kTurns);
  const std::vector<Happening>& happenings = days.shard().witness().happenings();
  EXPECT_GT(published(happenings, Promise::kAnswer), kTurns);
  EXPECT_GT(published(happenings, Promise::kSend), kTurns);
  {
    SCOPED_TRACE("by the order of syncs");
    expect_only_planted(broken_by_order(happenings));
  }
  {
    SCOPED_TRACE("by what a power cut would have left");
    expect_only_planted(days.broken());
  }
  EXPECT_EQ(days.shard().witness().unanswered(), 0);
  EXPECT_GT(days.power_cuts(), 20);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Durability, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace sojourn::durability
