// How often something took how long: counts in buckets that never change, so that what several
// processes say can be added up. A value; whoever owns it says on which thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/instant.h"

namespace sojourn::runtime {

class Histogram {
 public:
  // The longest that each bucket takes; one more takes the rest. From a millisecond to a day.
  static constexpr std::array<std::int64_t, 17> kUpToMillis{
      1,     2,     5,     10,     20,     50,      100,       200,       500,
      1'000, 2'000, 5'000, 10'000, 60'000, 600'000, 3'600'000, 86'400'000};

  // A length below zero counts as zero.
  void add(base::Millis length);

  // Of bucket `index`, at most kUpToMillis.size().
  std::uint64_t count(std::size_t index) const { return counts_[index]; }
  std::uint64_t total() const { return total_; }
  base::Millis sum() const { return sum_; }
  base::Millis longest() const { return longest_; }

 private:
  std::array<std::uint64_t, kUpToMillis.size() + 1> counts_{};
  std::uint64_t total_ = 0;
  base::Millis sum_;
  base::Millis longest_;
};

}  // namespace sojourn::runtime
