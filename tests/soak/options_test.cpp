#include "tests/soak/options.h"

#include <gtest/gtest.h>

namespace sojourn::soak {
namespace {

std::string refusal(const std::vector<std::string>& words) {
  const auto parsed = parse_options(words, {});
  return parsed ? "taken" : parsed.error().message;
}

TEST(SoakOptions, AreWhatIsSaid) {
  const auto parsed = parse_options({"--seconds", "30", "--per-second", "200", "--wait", "2",
                                     "--misbehave", "a", "--misbehave", "b", "--dir", "x"},
                                    {});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->seconds, 30);
  EXPECT_EQ(parsed->people_per_second, 200);
  EXPECT_EQ(parsed->terms.wait, base::seconds(2));
  EXPECT_EQ(parsed->misbehave, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parsed->folder, "x");
  EXPECT_FALSE(parsed->joins_only);
}

TEST(SoakOptions, OnlyJoinsWhatIsThere) {
  const auto parsed = parse_options({"--join", "x"}, {});
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->joins_only);
  EXPECT_EQ(parsed->folder, "x");
}

TEST(SoakOptions, SayWhichWordIsWrong) {
  EXPECT_EQ(refusal({"--fast"}), "there is no option `--fast`");
  EXPECT_EQ(refusal({"--seconds"}), "`--seconds` wants 1…86400 behind it");
  EXPECT_EQ(refusal({"--seconds", "0"}), "`--seconds` takes 1…86400, found `0`");
  EXPECT_EQ(refusal({"--seconds", "nan"}), "`--seconds` takes 1…86400, found `nan`");
  EXPECT_EQ(refusal({"--wait", "2s"}), "`--wait` takes 1…3600, found `2s`");
  EXPECT_EQ(refusal({"--dir", ""}), "`--dir` takes FOLDER, found ``");
}

}  // namespace
}  // namespace sojourn::soak
