#include "base/hash.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

// Values on disk depend on these: a change here is a change of file format.
TEST(Hash, ValuesNeverChange) {
  EXPECT_EQ(stable_hash64(""), 0x2d06800538d394c2u);
  EXPECT_EQ(stable_hash128("").hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, HexRoundTrips) {
  const Hash128 h = stable_hash128("saas_trial");
  EXPECT_EQ(Hash128::from_hex(h.hex()), h);
  EXPECT_EQ(Hash128::from_hex("not hex"), std::nullopt);
  EXPECT_EQ(Hash128::from_hex(std::string(32, 'g')), std::nullopt);
}

}  // namespace
}  // namespace sojourn::base
