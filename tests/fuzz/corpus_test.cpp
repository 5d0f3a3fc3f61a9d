// The claims that the fuzzers attack, held without a fuzzer: against what they once found, against
// their corpora, against what the tree has of each kind, and against that cut and with bytes
// changed.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/heap_count.h"
#include "tests/fuzz/inputs.h"
#include "tests/fuzz/seeds.h"

namespace sojourn::fuzz {
namespace {

constexpr std::uint64_t kSeed = 20260301;
// As a fuzzer has it (fuzzer.cpp).
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

struct Target {
  const char* name;
  void (*hold)(std::string_view);
};
constexpr auto kTargets = std::to_array<Target>({{"address", hold_address_claims},
                                                 {"answer", hold_answer_claims},
                                                 {"config", hold_config_claims},
                                                 {"http", hold_http_claims},
                                                 {"intake", hold_intake_claims},
                                                 {"language", hold_language_claims},
                                                 {"notice", hold_notice_claims},
                                                 {"row", hold_row_claims},
                                                 {"store", hold_store_claims}});

std::ostream& operator<<(std::ostream& out, const Target& target) {
  return out << target.name;
}

std::string place(const std::string& path) {
  return SOJOURN_SOURCE_DIR "/tests/fuzz/" + path;
}

class Claims : public testing::TestWithParam<Target> {
 protected:
  // What is made once and kept is no input's.
  void SetUp() override { GetParam().hold({}); }

  void hold(const std::string& input) {
    SCOPED_TRACE(input.substr(0, 200));
    forget_most_held();
    GetParam().hold(input);
    EXPECT_LE(most_held(), kMostBytes);
  }
};

TEST_P(Claims, HoldForWhatTheFuzzerFound) {
  for (const std::string& input : read_folder(place("findings/") + GetParam().name)) hold(input);
}

TEST_P(Claims, HoldForTheCorpus) {
  const auto inputs = unpack(read_file(place("corpus/") + GetParam().name));
  ASSERT_TRUE(inputs.has_value()) << inputs.error().message;
  EXPECT_FALSE(inputs->empty());
  for (const std::string& input : *inputs) hold(input);
}

TEST_P(Claims, HoldForWhatTheTreeHas) {
  const std::vector<std::string> seeds = seeds_of(GetParam().name);
  EXPECT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) hold(seed);
}

TEST_P(Claims, HoldForDamagedInputs) {
  base::SeededRandom random(kSeed);
  RecordProperty("seed", std::to_string(kSeed));
  const std::vector<std::string> seeds = seeds_of(GetParam().name);
  for (const std::string& seed : seeds) {
    std::string damaged = seed.substr(0, base::random_below(random, seed.size() + 1));
    for (int i = 0; i < 3 && !damaged.empty(); ++i) {
      damaged[base::random_below(random, damaged.size())] =
          static_cast<char>(base::random_below(random, 256));
    }
    // The tail of another, so that what is open meets what closes.
    const std::string& other = seeds[base::random_below(random, seeds.size())];
    damaged += other.substr(base::random_below(random, other.size() + 1));
    hold(damaged);
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzzed, Claims, testing::ValuesIn(kTargets),
                         [](const auto& each) { return std::string(each.param.name); });

// A corpus that cannot be read would hold nothing.
TEST(Inputs, ArePackedAndUnpacked) {
  const std::vector<std::string> inputs{"", "a\n", std::string("\0\n7\n", 4), "sojourn inputs\n"};
  EXPECT_EQ(unpack(pack(inputs)).value(), inputs);
  EXPECT_EQ(unpack(pack({})).value(), std::vector<std::string>());
  const std::string packed = pack(inputs);
  EXPECT_FALSE(unpack(packed.substr(0, packed.size() - 1)).has_value());
  EXPECT_FALSE(unpack("another file").has_value());
}

}  // namespace
}  // namespace sojourn::fuzz
