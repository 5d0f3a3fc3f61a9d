#include "base/random.h"

#include <array>
#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(SeededRandom, GivesThePublishedNumbersOfSplitMix64) {
  SeededRandom random(1'234'567);
  for (const std::uint64_t expected :
       {6'457'827'717'110'365'317u, 3'203'168'211'198'807'973u, 9'817'491'932'198'370'423u,
        4'593'380'528'125'082'431u, 16'408'922'859'458'223'821u}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(RandomBelow, StaysBelowTheBoundAndReachesEveryNumber) {
  SeededRandom random(1);
  std::array<int, 5> seen{};
  for (int i = 0; i < 1000; ++i) ++seen.at(random_below(random, seen.size()));
  for (const int count : seen) EXPECT_GT(count, 100);
}

// Answers what it was given, in order.
class Scripted final : public Random {
 public:
  explicit Scripted(std::array<std::uint64_t, 2> numbers) : numbers_(numbers) {}
  std::uint64_t next() override { return numbers_.at(used_++); }

 private:
  std::array<std::uint64_t, 2> numbers_;
  std::size_t used_ = 0;
};

TEST(RandomBelow, ThrowsAwayNumbersThatWouldFavourSmallOnes) {
  // 2^64 mod 3 is 1, so a single number, 0, is one too many.
  Scripted random({0, 5});
  EXPECT_EQ(random_below(random, 3), 2u);
}

}  // namespace
}  // namespace sojourn::base
