#include "runtime/histogram.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

TEST(Histogram, ABucketTakesWhatIsNotLongerThanItsEnd) {
  Histogram histogram;
  for (const std::int64_t millis : {-3, 0, 1, 2, 3, 5}) histogram.add(base::Millis{millis});
  EXPECT_EQ(histogram.count(0), 3U);
  EXPECT_EQ(histogram.count(1), 1U);
  EXPECT_EQ(histogram.count(2), 2U);
  EXPECT_EQ(histogram.total(), 6U);
  EXPECT_EQ(histogram.sum().count, 11);
  EXPECT_EQ(histogram.longest().count, 5);
}

TEST(Histogram, TheLastBucketTakesTheRest) {
  Histogram histogram;
  histogram.add(base::days24(1));
  histogram.add(base::days24(365));
  histogram.add(base::Millis{INT64_MAX});
  EXPECT_EQ(histogram.count(Histogram::kUpToMillis.size() - 1), 1U);
  EXPECT_EQ(histogram.count(Histogram::kUpToMillis.size()), 2U);
  EXPECT_EQ(histogram.sum().count, INT64_MAX) << "a sum does not wrap";
}

}  // namespace
}  // namespace sojourn::runtime
