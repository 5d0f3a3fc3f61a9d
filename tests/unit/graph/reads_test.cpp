#include "graph/reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Reads, WhatAWatchedEntryFollowsFrom) {
  Graph graph;
  samples::Pool pool(graph.expressions);
  const ExprId birthday = pool.user("birthday");
  const ExprId rich =
      pool.apply(Op::kAnd, {pool.apply(Op::kIsSet, {pool.user("plan")}),
                            pool.apply(Op::kGreater, {pool.named(Op::kCountEvents, "login", {}),
                                                      pool.constant(Value(std::int64_t{3}))})});
  DateEntry on_birthday;
  on_birthday.date = birthday;
  const ReadCollector of_date = reads_of(graph, {0, on_birthday});
  EXPECT_THAT(of_date.fields(), ElementsAre("birthday"));
  EXPECT_THAT(of_date.events(), IsEmpty());
  const ReadCollector of_condition = reads_of(graph, {0, WhenEntry{rich}});
  EXPECT_THAT(of_condition.fields(), ElementsAre("plan"));
  EXPECT_THAT(of_condition.events(), ElementsAre("login"));
  const ReadCollector of_schedule = reads_of(graph, {0, ScheduleEntry{{}, {}, rich}});
  EXPECT_THAT(of_schedule.fields(), IsEmpty()) << "it comes whatever the user is like";
  EXPECT_THAT(of_schedule.events(), IsEmpty());
}

TEST(Reads, ListsAndSubscriptionsThatAreAskedAbout) {
  Graph graph;
  samples::Pool pool(graph.expressions);
  const auto ask = [&](Op op, const char* name) { return pool.named(op, name, {}); };
  const ExprId both = pool.apply(Op::kOr, {ask(Op::kInList, "vips"), ask(Op::kInList, "beta")});
  ReadCollector reads(graph);
  reads.read(pool.apply(Op::kAnd, {both, ask(Op::kSubscribedTo, "news")}));
  EXPECT_THAT(reads.lists(), ElementsAre("beta", "vips"));
  EXPECT_TRUE(reads.memberships());
  EXPECT_THAT(reads.fields(), ElementsAre("subscribedMessageTypeIds", "unsubscribedChannelIds",
                                          "unsubscribedMessageTypeIds"));
}

TEST(Reads, GatherOverSeveralRoots) {
  Graph graph;
  samples::Pool pool(graph.expressions);
  ReadCollector reads(graph);
  reads.read(kNoExpr);
  const ExprId a = pool.user("a");
  ReadCollector both(graph);
  both.read(a);
  both.read(a);
  EXPECT_THAT(both.fields(), ElementsAre("a"));
  EXPECT_THAT(reads.fields(), IsEmpty());
}

}  // namespace
}  // namespace sojourn::graph
