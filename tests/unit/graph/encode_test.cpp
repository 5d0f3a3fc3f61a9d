#include "graph/encode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/random.h"
#include "graph/verify.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view bytes) {
  const auto graph = decode(bytes);
  return graph ? "decoded" : graph.error().message;
}

TEST(Encode, WhatIsEncodedIsDecoded) {
  for (const Graph& graph : {samples::empty(), samples::welcome(), samples::trial()}) {
    const auto decoded = decode(encode(graph));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(*decoded, graph);
  }
}

TEST(Encode, AMeasuredSplitAndABestTimeAreDecoded) {
  Graph graph = samples::trial();
  for (Step& step : graph.steps) {
    if (auto* split = std::get_if<Split>(&step.action)) {
      split->measure = SplitMeasure{SplitMeasure::Kind::kOpened, 0, base::days24(2)};
      split->decide = SplitDecision{1'000, 9'990};
    }
    if (auto* send = std::get_if<Send>(&step.action)) send->best_time = base::hours(6);
  }
  compute_needs(graph);
  const auto decoded = decode(encode(graph));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(*decoded, graph);
  EXPECT_NE(version_of(graph), version_of(samples::trial()));
}

// The version names what people are inside of: should these change, every stored
// graph needs a new encoding version.
TEST(Encode, TheVersionOfAGraphNeverChanges) {
  EXPECT_EQ(version_of(samples::empty()).hex(), "9e7f0a3fd2ae93c170a9b1faff3db2a8");
  EXPECT_EQ(version_of(samples::trial()).hex(), "a4aff5a337b64aff09753a2760b62d52");
}

TEST(Encode, TitleAndOwnerSurviveButDoNotChangeTheVersion) {
  Graph graph = samples::welcome();
  const Version before = version_of(graph);
  graph.title = "another title";
  graph.owner = "somebody@example.com";
  EXPECT_EQ(version_of(graph), before);
  const auto decoded = decode(encode(graph));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->title, "another title");
  EXPECT_EQ(decoded->owner, "somebody@example.com");
}

TEST(Encode, WhatHappensToPeopleChangesTheVersion) {
  const Version before = version_of(samples::welcome());
  std::vector<Graph> edited(6, samples::welcome());
  edited[0].journey = "welcome_2";
  edited[1].steps[0].identity = "hi";
  std::get<Wait>(edited[2].steps[1].action).duration.days = 2;
  std::get<Send>(edited[3].steps[4].action).again = true;
  edited[4].expressions.back().constant = Value("Europe/Paris");
  std::get<WaitFor>(edited[5].steps[2].action).up_to.count += 1;
  for (const Graph& graph : edited) EXPECT_NE(version_of(graph), before);
}

TEST(Encode, NeedsAreComputedAgain) {
  Graph without = samples::trial();
  for (Step& step : without.steps) step.needs = {};
  const auto decoded = decode(encode(without));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, samples::trial());
}

TEST(Decode, AnotherEncodingVersionIsNamed) {
  base::ByteWriter out;
  out.varint(7);
  out.string("whatever");
  EXPECT_EQ(refusal(out.bytes()), "graph has encoding 7, this program reads 4");
}

TEST(Decode, BytesBehindTheGraphAreRefused) {
  EXPECT_THAT(refusal(encode(samples::welcome()) + "x"), HasSubstr("cut short, or changed"));
}

TEST(Decode, MoreBytesThanTheLimitAreNotRead) {
  EXPECT_THAT(refusal(std::string(kMaxEncodedBytes + 1, '\0')), HasSubstr("limit"));
}

TEST(Decode, AnotherSpellingOfTheSameGraphIsRefused) {
  // The encoding version as a varint of two bytes instead of one.
  const std::string bytes = encode(samples::welcome());
  EXPECT_THAT(refusal("\x84" + std::string(1, '\0') + bytes.substr(1)), HasSubstr("canonical"));
}

TEST(Decode, EveryCutIsRefused) {
  const std::string bytes = encode(samples::trial());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(decode(std::string_view(bytes).substr(0, size))) << size;
  }
}

// Whatever the bytes, decoding ends, and what it lets through is a sound graph
// whose encoding is those bytes.
TEST(Decode, DamagedBytesAreRefusedOrAreAnotherSoundGraph) {
  base::SeededRandom random(20260301);
  const std::string original = encode(samples::trial());
  int refused = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes = original;
    for (std::uint64_t hits = 1 + base::random_below(random, 3); hits > 0; --hits) {
      bytes[base::random_below(random, bytes.size())] = static_cast<char>(random.next());
    }
    const auto decoded = decode(bytes);
    if (!decoded) {
      ++refused;
      continue;
    }
    ASSERT_EQ(encode(*decoded), bytes);
    ASSERT_TRUE(verify(*decoded));
  }
  EXPECT_GT(refused, 1'000);
  EXPECT_LT(refused, 5'000);
}

}  // namespace
}  // namespace sojourn::graph
