// Values are drawn as often as their weights say, from a seed.
#include "simulate/distribution.h"

#include <gtest/gtest.h>
#include <map>

namespace sojourn::simulate {
namespace {

using graph::Value;
using Kind = graph::Type::Kind;

constexpr std::uint64_t kSeed = 17;
constexpr int kDraws = 20'000;

graph::Type type_of(Kind kind) {
  graph::Type type;
  type.kind = kind;
  return type;
}

const std::vector<graph::Field> kEntry{{"plan", Value("pro")}};
const std::vector<graph::Field> kProfile{{"ids", Value(graph::List{Value("n1"), Value("n2")})}};
constexpr base::Instant kEntered{1'000'000'000'000};

class Drawing : public ::testing::Test {
 protected:
  Drawing() { RecordProperty("seed", static_cast<int>(kSeed)); }
  Value one(const Distribution& distribution) {
    return draw(distribution, random, {kEntered, kEntry, kProfile});
  }
  base::SeededRandom random{kSeed};
};

TEST_F(Drawing, WeightsAreKept) {
  Distribution distribution{.type = type_of(Kind::kString), .missing = 0.25};
  distribution.choices = {{3, Value("a")}, {1, Value("b")}, {0, Value("never")}};
  std::map<std::string, int> counts;
  for (int i = 0; i < kDraws; ++i) {
    const Value value = one(distribution);
    ++counts[value.is_missing() ? "missing" : value.as_string()];
  }
  EXPECT_EQ(counts.size(), 3U);
  EXPECT_NEAR(counts["missing"], kDraws * 0.25, kDraws * 0.02);
  EXPECT_NEAR(counts["a"], kDraws * 0.75 * 0.75, kDraws * 0.02);
  EXPECT_NEAR(counts["b"], kDraws * 0.75 * 0.25, kDraws * 0.02);
}

TEST_F(Drawing, BothEndsOfARangeAreDrawnAndNothingOutside) {
  Distribution distribution{.type = type_of(Kind::kInteger)};
  distribution.choices = {{1, WholeNumbers{-1, 2}}};
  std::map<std::int64_t, int> counts;
  for (int i = 0; i < kDraws; ++i) ++counts[one(distribution).as_integer()];
  ASSERT_EQ(counts.size(), 4U);
  for (const auto& [number, count] : counts) {
    EXPECT_NEAR(count, kDraws / 4.0, kDraws * 0.02) << number;
  }
  EXPECT_EQ(counts.begin()->first, -1);
}

TEST_F(Drawing, TimesAreAfterTheEntry) {
  Distribution distribution{.type = type_of(Kind::kTimestamp)};
  distribution.choices = {{1, AfterEntry{base::days24(-1), base::days24(2)}}};
  base::Instant earliest = base::kNever;
  base::Instant latest;
  for (int i = 0; i < kDraws; ++i) {
    const base::Instant t = one(distribution).as_timestamp();
    earliest = std::min(earliest, t);
    latest = std::max(latest, t);
  }
  EXPECT_GE(earliest, kEntered - base::days24(1));
  EXPECT_LE(earliest, kEntered - base::hours(23));
  EXPECT_LE(latest, kEntered + base::days24(2));
  EXPECT_GE(latest, kEntered + base::hours(47));
}

TEST_F(Drawing, ADateIsTheDayOfThatTime) {
  Distribution distribution{.type = type_of(Kind::kDate)};
  distribution.choices = {{1, AfterEntry{base::days24(1), base::days24(1)}}};
  EXPECT_EQ(graph::to_string(one(distribution).as_date()), "2001-09-10");
}

TEST_F(Drawing, TheSameAsAnotherField) {
  Distribution distribution{.type = type_of(Kind::kString)};
  distribution.choices = {{1, SameAs{true, "plan"}}};
  EXPECT_EQ(one(distribution), Value("pro"));
  distribution.choices = {{1, SameAs{true, "nothing"}}};
  EXPECT_TRUE(one(distribution).is_missing());
  // Of a list, one of its items.
  distribution.choices = {{1, SameAs{false, "ids"}}};
  std::map<std::string, int> counts;
  for (int i = 0; i < 100; ++i) ++counts[one(distribution).as_string()];
  EXPECT_EQ(counts.size(), 2U);
}

TEST_F(Drawing, ListsAndObjectsAreMadeOfTheirParts) {
  const auto item = std::make_shared<const Distribution>(
      Distribution{.type = type_of(Kind::kString), .choices = {{1, Value("x")}}});
  Distribution list{.type = type_of(Kind::kList)};
  list.least_items = 1;
  list.most_items = 3;
  list.item = item;
  std::map<std::size_t, int> lengths;
  for (int i = 0; i < 300; ++i) ++lengths[one(list).as_list().size()];
  EXPECT_EQ(lengths.size(), 3U);
  EXPECT_EQ(lengths.begin()->first, 1U);
  Distribution object{.type = type_of(Kind::kObject)};
  object.fields = {{"b", *item}, {"a", *item}};
  EXPECT_EQ(one(object), Value(graph::Object{{"a", Value("x")}, {"b", Value("x")}}));
}

TEST_F(Drawing, TheSeedDecides) {
  Distribution distribution{.type = type_of(Kind::kInteger)};
  distribution.choices = {{1, WholeNumbers{0, 1'000'000}}};
  base::SeededRandom first(5);
  base::SeededRandom again(5);
  base::SeededRandom other(6);
  const DrawnFrom from{kEntered, kEntry, kProfile};
  const Value value = draw(distribution, first, from);
  EXPECT_EQ(value, draw(distribution, again, from));
  EXPECT_NE(value, draw(distribution, other, from));
}

}  // namespace
}  // namespace sojourn::simulate
