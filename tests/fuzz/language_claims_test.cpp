// The claims that the fuzzer attacks, held against what it once found, against every
// journey text of the tree, and against each of those cut and with bytes changed.
#include "tests/fuzz/language_claims.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

#include "base/random.h"
#include "tests/golden/journey_texts.h"

namespace sojourn::fuzz {
namespace {

constexpr std::uint64_t kSeed = 20260301;

TEST(LanguageClaims, HoldForWhatTheFuzzerFound) {
  const std::string folder = std::string(SOJOURN_SOURCE_DIR) + "/tests/fuzz/findings";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path());
    std::ifstream in(entry.path(), std::ios::binary);
    hold_language_claims(std::string(std::istreambuf_iterator<char>(in), {}));
  }
}

TEST(LanguageClaims, HoldForEveryTextOfTheTree) {
  for (const golden::JourneyText& text : golden::journey_texts()) {
    SCOPED_TRACE(text.place);
    hold_language_claims(text.text);
  }
}

TEST(LanguageClaims, HoldForDamagedTexts) {
  base::SeededRandom random(kSeed);
  RecordProperty("seed", std::to_string(kSeed));
  const auto texts = golden::journey_texts();
  for (const golden::JourneyText& text : texts) {
    std::string damaged = text.text.substr(0, base::random_below(random, text.text.size() + 1));
    for (int i = 0; i < 3 && !damaged.empty(); ++i) {
      damaged[base::random_below(random, damaged.size())] =
          static_cast<char>(base::random_below(random, 256));
    }
    // The tail of another, so that what is open meets what closes.
    const std::string& other = texts[base::random_below(random, texts.size())].text;
    damaged += other.substr(base::random_below(random, other.size() + 1));
    SCOPED_TRACE(text.place);
    hold_language_claims(damaged);
  }
}

}  // namespace
}  // namespace sojourn::fuzz
