#include "app/unified_diff.h"

#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "base/random.h"

namespace sojourn::app {
namespace {

// Applies a difference without context checks beyond the signs: what `patch` does.
std::string patched(const std::string& before, const std::string& diff) {
  std::vector<std::string> old;
  std::istringstream in(before);
  for (std::string line; std::getline(in, line);) old.push_back(line + "\n");
  if (!before.empty() && !before.ends_with('\n')) old.back().pop_back();
  std::string result;
  std::size_t at = 0;
  std::istringstream lines(diff);
  char sign = ' ';  // of the line before
  for (std::string line; std::getline(lines, line); sign = line[0]) {
    if (line.starts_with("---") || line.starts_with("+++")) continue;
    if (line.starts_with("@@ -")) {
      const std::size_t first = std::stoul(line.substr(4));
      const bool none = line.find(",0 +") != line.npos;
      while (at + (none ? 0 : 1) < first) result += old.at(at++);
    } else if (line.starts_with('\\')) {
      if (sign != '-') result.pop_back();
    } else if (line.starts_with('+')) {
      result += line.substr(1) + "\n";
    } else {
      EXPECT_EQ(old.at(at).substr(0, line.size() - 1), line.substr(1));
      if (line.starts_with(' ')) result += line.substr(1) + "\n";
      ++at;
    }
  }
  while (at < old.size()) result += old[at++];
  return result;
}

TEST(UnifiedDiff, EqualTextsHaveNone) {
  EXPECT_EQ(unified_diff("a", "x\ny\n", "x\ny\n"), "");
}

TEST(UnifiedDiff, ShowsThreeLinesAroundAChange) {
  EXPECT_EQ(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, ChangesFarApartAreHunksOfTheirOwn) {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
  const std::string after = "one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\ntwelve\n";
  EXPECT_EQ(unified_diff("f", before, after),
            "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n"
            "@@ -9,4 +9,4 @@\n 9\n 10\n 11\n-12\n+twelve\n");
}

TEST(UnifiedDiff, SaysWhereALineFeedIsMissing) {
  EXPECT_EQ(unified_diff("f", "1", "1\n"),
            "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-1\n\\ No newline at end of file\n+1\n");
}

TEST(UnifiedDiff, AnEmptyTextHasLineZero) {
  EXPECT_EQ(unified_diff("f", "", "1\n"), "--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+1\n");
  EXPECT_EQ(unified_diff("f", "1\n", ""), "--- a/f\n+++ b/f\n@@ -1,1 +0,0 @@\n-1\n");
}

std::string random_lines(base::Random& random) {
  std::string text;
  for (std::uint64_t lines = base::random_below(random, 40); lines > 0; --lines) {
    text += std::string(1, static_cast<char>('a' + base::random_below(random, 4))) + "\n";
  }
  if (!text.empty() && base::random_below(random, 3) == 0) text.pop_back();
  return text;
}

TEST(UnifiedDiff, AppliedToTheOldTextGivesTheNewOne) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    base::SeededRandom random(seed);
    const std::string before = random_lines(random);
    const std::string after = random_lines(random);
    EXPECT_EQ(patched(before, unified_diff("f", before, after)), after);
  }
}

TEST(UnifiedDiff, TextsThatShareLittleAreReplaced) {
  std::string before;
  std::string after;
  for (int i = 0; i < 5 * kMaxDiffEdits; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(patched(before, unified_diff("f", before, after)), after);
}

}  // namespace
}  // namespace sojourn::app
