#include "graph/time_dependence.h"

#include <gtest/gtest.h>

#include "graph/graph.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

class TimeDependence : public testing::Test {
 protected:
  ExprId now() { return pool_.apply(Op::kNow, {}); }
  ExprId days(std::int32_t n) { return pool_.constant(Value(Duration{0, n, 0})); }
  bool known(Op op, std::vector<ExprId> arguments) {
    return changes_at_known_instants(graph_, pool_.apply(op, std::move(arguments)));
  }

  Graph graph_;
  samples::Pool pool_{graph_.expressions};
};

TEST_F(TimeDependence, ATimeIsPassedOnce) {
  EXPECT_TRUE(known(Op::kGreater, {now(), pool_.user("endsAt")}));
  EXPECT_TRUE(
      known(Op::kLess, {pool_.user("endsAt"), pool_.apply(Op::kAddDuration, {now(), days(3)})}));
  EXPECT_TRUE(known(Op::kEqual, {pool_.apply(Op::kDate, {now()}), pool_.user("birthday")}));
  EXPECT_TRUE(
      known(Op::kGreater, {pool_.apply(Op::kDifference, {now(), pool_.user("endsAt")}), days(3)}));
  EXPECT_TRUE(known(Op::kIsSet, {pool_.user("endsAt")})) << "without `now`";
}

TEST_F(TimeDependence, TheClockIsKnown) {
  const ExprId monday = pool_.constant(Value("monday"));
  const ExprId weekday = pool_.apply(Op::kWeekday, {now()});
  EXPECT_TRUE(known(Op::kEqual, {weekday, monday}));
  EXPECT_TRUE(
      known(Op::kEqual, {pool_.apply(Op::kDay, {now()}), pool_.apply(Op::kMonth, {now()})}));
  EXPECT_TRUE(known(Op::kIsSet, {pool_.apply(Op::kDate, {now()})}));
  const ExprId time = pool_.apply(Op::kTime, {now()});
  EXPECT_TRUE(known(Op::kLess, {time, pool_.user("opensAt")}));
  EXPECT_TRUE(known(Op::kLess, {pool_.user("opensAt"), time}));
  EXPECT_FALSE(known(Op::kEqual, {time, pool_.apply(Op::kTime, {now()})})) << "both sides";
  EXPECT_FALSE(known(Op::kIsSet, {time})) << "not compared";
}

TEST_F(TimeDependence, OtherReadingsOfNowAreNotKnown) {
  EXPECT_FALSE(known(Op::kGreater, {now(), pool_.apply(Op::kAddDuration, {now(), days(1)})}))
      << "both sides";
  const ExprId both = pool_.apply(
      Op::kAddDuration, {now(), pool_.apply(Op::kDifference, {now(), pool_.user("endsAt")})});
  EXPECT_FALSE(known(Op::kEqual, {pool_.apply(Op::kDay, {both}), pool_.user("day")}));
  EXPECT_FALSE(known(Op::kIn, {now(), pool_.user("endsAt")}));
}

TEST_F(TimeDependence, AClockMayStandAFixedDistanceFromNow) {
  const ExprId soon = pool_.apply(Op::kAddDuration, {now(), days(3)});
  EXPECT_TRUE(known(Op::kEqual, {pool_.apply(Op::kDay, {soon}), pool_.user("day")}));
  EXPECT_TRUE(known(Op::kLess, {pool_.apply(Op::kTime, {soon}), pool_.user("opensAt")}));
  const ExprId ago = pool_.apply(Op::kSubtractDuration, {pool_.apply(Op::kDate, {now()}), days(9)});
  EXPECT_TRUE(known(Op::kIsSet, {pool_.apply(Op::kWeekday, {ago})}));
  EXPECT_TRUE(
      known(Op::kIn, {pool_.apply(Op::kDaysBetween, {now(), pool_.user("endsAt")}), days(1)}));
  EXPECT_FALSE(known(Op::kIn, {pool_.apply(Op::kDaysBetween, {now(), soon}), days(1)}));
}

TEST_F(TimeDependence, PartsAreLookedAtOneByOne) {
  const ExprId over = pool_.apply(Op::kGreater, {now(), pool_.user("endsAt")});
  const ExprId monday = pool_.apply(
      Op::kEqual, {pool_.apply(Op::kWeekday, {now()}), pool_.constant(Value("monday"))});
  EXPECT_TRUE(known(Op::kAnd, {over, pool_.apply(Op::kNot, {over})}));
  EXPECT_TRUE(known(Op::kOr, {over, monday}));
}

TEST_F(TimeDependence, AQuestionIsLookedIntoOnce) {
  const ExprId over = pool_.apply(Op::kGreater, {now(), pool_.user("endsAt")});
  const ExprId logins = pool_.named(Op::kCountEvents, "login", {over});
  EXPECT_TRUE(changes_at_known_instants(graph_, logins));
  const ExprId some = pool_.apply(Op::kGreater, {logins, pool_.constant(Value(std::int64_t{0}))});
  EXPECT_FALSE(changes_at_known_instants(graph_, pool_.named(Op::kCountEvents, "page", {some})))
      << "one inside another";
  EXPECT_TRUE(known(Op::kCountItems, {pool_.user("endings"), over}));
  EXPECT_FALSE(known(Op::kCountItems, {pool_.named(Op::kListEvents, "login"), over}))
      << "of items that come and go";
}

}  // namespace
}  // namespace sojourn::graph
