#include "base/stored_instant.h"

#include <gtest/gtest.h>
#include <limits>
#include <optional>

namespace sojourn::base {
namespace {

// Nothing where the reader has failed.
std::optional<Instant> read_back(std::int64_t millis, Instant since = {}) {
  ByteWriter out;
  out.signed_varint(millis);
  ByteReader in(out.bytes());
  const Instant read = read_instant(in, since);
  return in.ok() ? std::optional(read) : std::nullopt;
}

TEST(StoredInstant, IsReadAsItWasWritten) {
  EXPECT_EQ(read_back(0), Instant{0});
  EXPECT_EQ(read_back(-5, Instant{7}), Instant{2});
  EXPECT_EQ(read_back(kNever.millis), kNever);
}

TEST(StoredInstant, OfDamagedBytesIsNone) {
  EXPECT_EQ(read_back(kFurthestStoredMillis), Instant{kFurthestStoredMillis});
  EXPECT_EQ(read_back(kFurthestStoredMillis + 1), std::nullopt);
  EXPECT_EQ(read_back(-kFurthestStoredMillis - 1), std::nullopt);
  EXPECT_EQ(read_back(std::numeric_limits<std::int64_t>::max(), Instant{1}), std::nullopt);
  EXPECT_EQ(read_back(std::numeric_limits<std::int64_t>::min(), Instant{-1}), std::nullopt);
}

}  // namespace
}  // namespace sojourn::base
