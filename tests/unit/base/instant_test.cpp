#include "base/instant.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(Instant, PrintsAndParsesBack) {
  const Instant t{1'774'602'000'000};
  EXPECT_EQ(to_iso8601(t), "2026-03-27T09:00:00Z");
  EXPECT_EQ(parse_timestamp(to_iso8601(t)), t);
  EXPECT_EQ(to_iterable_time(t), "2026-03-27 09:00:00 +00:00");
  EXPECT_EQ(parse_timestamp(to_iterable_time(t)), t);
}

TEST(Instant, KnowsTheFormsThatSendersUse) {
  const Instant t{1'774'602'000'000};
  EXPECT_EQ(parse_timestamp("2026-03-27T09:00Z"), t);
  EXPECT_EQ(parse_timestamp("2026-03-27T10:00:00+01:00"), t);
  EXPECT_EQ(parse_timestamp("2026-03-27T09:00:00.25Z"), t + Millis{250});
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59Z"), Instant{-1000});
}

TEST(Instant, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2026-02-30T00:00Z", "2026-13-01T00:00Z", "2026-03-27",
                           "2026-03-27T24:00Z", "2026-03-27T09:00", "2026-03-27T09:00Zx"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sojourn::base
