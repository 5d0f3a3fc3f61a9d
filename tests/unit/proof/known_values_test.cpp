#include "proof/known_values.h"

#include <gtest/gtest.h>

namespace sojourn::proof {
namespace {

ValueSet just(std::int64_t number) {
  return ValueSet::just(graph::Value(number));
}

TEST(KnownValues, WhereWaysMeetOnlyWhatBothKnowIsKnown) {
  KnownValues a;
  a.set(3, just(1), 30);
  a.set(5, just(1), 50);
  KnownValues b;
  b.set(1, just(1), 10);
  b.set(5, just(2), 51);
  const KnownValues both = joined(a, b);
  ASSERT_EQ(both.all().size(), 1U);
  EXPECT_EQ(*both.find(5)->values, united(just(1), just(2)));
  EXPECT_EQ(both.find(5)->because, graph::kNoExpr);
  EXPECT_EQ(both.find(3), nullptr);
}

TEST(KnownValues, ReasonsAreThoseOfTheLastChange) {
  KnownValues before;
  before.set(1, just(1), 10);
  before.set(2, ValueSet::set(), 20);
  KnownValues after = before;
  after.set(1, just(1));
  after.set(2, just(2));
  after.explain_changes(before, 30);
  EXPECT_EQ(after.find(1)->because, 10U);
  EXPECT_EQ(after.find(2)->because, 30U);
  EXPECT_FALSE(same_values(before, after));
}

TEST(KnownValues, CopiesAreApart) {
  KnownValues a;
  a.set(1, just(1));
  KnownValues b = a;
  b.forget(1);
  EXPECT_NE(a.find(1), nullptr);
  EXPECT_EQ(b.find(1), nullptr);
}

}  // namespace
}  // namespace sojourn::proof
