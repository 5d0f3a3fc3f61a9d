#include "runtime/census.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

CensusRecord half_way() {
  return {.fingerprint = 0x1234'5678'9abc'def0,
          .zone_rules = 0x0fed'cba9'8765'4321,
          .last = store::UserId{1'023, 77},
          .is_over = false,
          .is_aiming_anew = true,
          .rules = {{1, base::Instant{1'772'355'600'000}}, {UINT64_MAX, base::Instant{-1}}}};
}

TEST(CensusRecord, ComesBackAsItWasWritten) {
  EXPECT_EQ(decode_census(encode(half_way())).value(), half_way());
  CensusRecord over = half_way();
  over.last.reset();
  over.is_over = true;
  EXPECT_EQ(decode_census(encode(over)).value(), over);
}

TEST(CensusRecord, IsReadWholeOrNotAtAll) {
  const std::string bytes = encode(half_way());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_census(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_census(bytes + "x"));
  std::string newer = bytes;
  newer[0] = 9;
  EXPECT_FALSE(decode_census(newer));
}

// As version 1 wrote it: over, without rules of the zones.
TEST(CensusRecord, ReadsThatOfBeforeTheZonesWereKept) {
  const std::string bytes("\x01\0\0\0\0\0\0\0\x07\x01\0", 11);
  const CensusRecord record = decode_census(bytes).value();
  EXPECT_EQ(record.fingerprint, 7U);
  EXPECT_EQ(record.zone_rules, 0U);
  EXPECT_TRUE(record.is_over);
}

TEST(CensusRecord, NamesNoShardThatThereIsNot) {
  CensusRecord record = half_way();
  record.last->shard = store::kShardCount;
  EXPECT_FALSE(decode_census(encode(record)));
}

}  // namespace
}  // namespace sojourn::runtime
