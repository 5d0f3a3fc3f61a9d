#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "engine/place.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::GraphBuilder;
using test::OneUser;

constexpr int kUnits = 100'000;

struct Shares {
  std::vector<std::pair<const char*, std::uint32_t>> arms;
  const char* name = "first_feature";
  const char* journey = "trial";
  bool by_account = false;
};

graph::Graph split(const Shares& shares) {
  GraphBuilder b;
  b.graph().journey = shares.journey;
  graph::Split step{.name = shares.name, .unit = graph::kNoExpr, .arms = {}};
  if (shares.by_account) step.unit = b.user("accountId");
  for (const auto& [arm, share] : shares.arms) step.arms.push_back({arm, share, b.exit(arm)});
  return b.build(b.step("split", std::move(step)));
}

std::vector<std::string> arms_of_users(const Shares& shares, int count = kUnits) {
  OneUser user(split(shares));
  std::vector<std::string> arms;
  for (int i = 0; i < count; ++i) {
    user.id = static_cast<std::uint64_t>(i) + 1;
    user.history.clear();
    user.enters();
    arms.push_back(*user.enrollment->exit_reason);
  }
  return arms;
}

TEST(Split, HundredThousandUsersFallAsTheSharesSay) {
  std::map<std::string, int> counts;
  for (const std::string& arm : arms_of_users({{{"a", 5000}, {"b", 4000}, {"c", 1000}}})) {
    ++counts[arm];
  }
  // Five standard deviations of a fair draw are below 800.
  EXPECT_NEAR(counts["a"], 50'000, 800);
  EXPECT_NEAR(counts["b"], 40'000, 800);
  EXPECT_NEAR(counts["c"], 10'000, 500);
}

TEST(Split, TheSameUserAlwaysFallsTheSameWay) {
  const Shares shares{{{"a", 5000}, {"b", 5000}}};
  EXPECT_EQ(arms_of_users(shares, 1'000), arms_of_users(shares, 1'000));
}

// Written down: a change would send everyone's next visit another way.
TEST(Split, ArmsStayWhatTheyAreForEver) {
  const std::vector<std::string> expected{"b", "b", "a", "b", "a", "b", "a", "a"};
  EXPECT_EQ(arms_of_users({{{"a", 5000}, {"b", 5000}}}, 8), expected);
}

// Widening `a` by ten points moves the tenth of the units that lie there from `b`
// to `a`, and nobody else.
TEST(Split, WideningAnArmMovesTheFewestUnits) {
  const auto before = arms_of_users({{{"a", 5000}, {"b", 3000}, {"c", 2000}}});
  const auto after = arms_of_users({{{"a", 6000}, {"b", 2000}, {"c", 2000}}});
  int moved = 0;
  for (int i = 0; i < kUnits; ++i) {
    if (before[i] == after[i]) continue;
    ++moved;
    EXPECT_EQ(before[i] + after[i], "ba");
  }
  EXPECT_NEAR(moved, 10'000, 500);
}

TEST(Split, SplitsAndJourneysOfOtherNamesFallIndependently) {
  const Shares one{{{"a", 5000}, {"b", 5000}}};
  Shares other_name = one;
  other_name.name = "second_feature";
  Shares other_journey = one;
  other_journey.journey = "winback";
  const auto arms = arms_of_users(one, 10'000);
  for (const Shares& other : {other_name, other_journey}) {
    const auto other_arms = arms_of_users(other, 10'000);
    int same = 0;
    for (std::size_t i = 0; i < arms.size(); ++i) same += arms[i] == other_arms[i] ? 1 : 0;
    EXPECT_NEAR(same, 5'000, 250);
  }
}

TEST(Split, ByAnExpressionItsEqualValuesFallTogether) {
  const graph::Graph graph = split({.arms = {{"a", 5000}, {"b", 5000}}, .by_account = true});
  std::map<std::string, int> counts;
  for (std::int64_t account = 0; account < 200; ++account) {
    OneUser first(graph);
    OneUser second(graph);
    second.id = 99;
    first.profile.fields["accountId"] = Value(account);
    second.profile.fields["accountId"] = Value(static_cast<double>(account));
    first.enters();
    second.enters();
    EXPECT_EQ(first.place(), second.place());
    ++counts[first.place()];
  }
  EXPECT_EQ(counts.size(), 2U);
}

TEST(Split, TheUnitOnABorderBelongsToTheArmBehindIt) {
  const auto arms = arms_of_users({{{"a", 5000}, {"b", 5000}}});
  int on_the_border = 0;
  for (int i = 0; i < kUnits; ++i) {
    const auto place = place_of("trial", "first_feature", Value(std::int64_t{i} + 1));
    ASSERT_EQ(arms[i], place < 5000 ? "a" : "b") << i + 1;
    on_the_border += place == 5000 ? 1 : 0;
  }
  EXPECT_GT(on_the_border, 0);
}

TEST(Split, AnArmWithoutAShareGetsNobody) {
  for (const std::string& arm : arms_of_users({{{"a", 0}, {"b", 10'000}, {"c", 0}}}, 1'000)) {
    EXPECT_EQ(arm, "b");
  }
}

}  // namespace
}  // namespace sojourn::engine
