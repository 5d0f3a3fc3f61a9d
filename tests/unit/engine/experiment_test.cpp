#include "engine/experiment.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using base::days24;
using base::hours;
using base::Instant;
using base::minutes;
using test::instant;

graph::Split split() {
  graph::Split out;
  out.name = "s";
  out.measure = graph::SplitMeasure{graph::SplitMeasure::Kind::kClicked, 0, days24(2)};
  out.decide = graph::SplitDecision{100, 9'500};
  out.arms = {{"a", 5000, graph::kCompleted}, {"b", 5000, graph::kCompleted}};
  return out;
}

const Instant kBegin = instant("2026-03-01T09:00Z");

class ExperimentTest : public testing::Test {
 protected:
  // So many people of an arm, a part of whom succeed an hour later.
  void come(std::uint32_t arm, int people, int successes, Instant at) {
    for (int i = 0; i < people; ++i) EXPECT_TRUE(count_taken(experiment_, split_, arm, at));
    for (int i = 0; i < successes; ++i) EXPECT_TRUE(count_success(experiment_, arm, at));
  }
  bool close(Instant at) { return close_batches(experiment_, split_, at); }

  graph::Graph graph_;
  graph::Split split_ = split();
  Experiment experiment_ = begin_experiment(graph_, split_, kBegin);
};

TEST_F(ExperimentTest, OnlyThoseWhoseTimeIsOverDecide) {
  come(0, 300, 200, kBegin + hours(1));
  come(1, 300, 50, kBegin + hours(1));
  EXPECT_FALSE(close(kBegin + days24(2) + hours(1)));
  EXPECT_EQ(experiment_.all[0], (ArmCounts{300, 200}));
  EXPECT_EQ(experiment_.closed[0], (ArmCounts{0, 0}));
  const auto due = next_close(experiment_, split_);
  ASSERT_TRUE(due.has_value());
  // The batch is a 64th of two days, and all of it is waited for.
  EXPECT_GT(*due, kBegin + days24(2) + hours(1));
  EXPECT_LE(*due, kBegin + days24(2) + hours(1) + minutes(45));
  EXPECT_TRUE(close(*due));
  EXPECT_EQ(experiment_.winner, 0U);
  EXPECT_EQ(next_close(experiment_, split_), std::nullopt);
}

TEST_F(ExperimentTest, OnceDecidedNothingIsCounted) {
  come(0, 300, 200, kBegin);
  come(1, 300, 50, kBegin);
  EXPECT_TRUE(close(kBegin + days24(3)));
  EXPECT_FALSE(count_taken(experiment_, split_, 0, kBegin + days24(3)));
  EXPECT_FALSE(count_success(experiment_, 1, kBegin));
  EXPECT_FALSE(close(kBegin + days24(30)));
  EXPECT_EQ(experiment_.all[1], (ArmCounts{300, 50}));
}

TEST_F(ExperimentTest, BatchesOfTheWholeTimeStandBesideEachOtherAndNoMore) {
  for (int minute = 0; minute < 20 * 24 * 60; minute += 10) {
    const Instant now = kBegin + minutes(minute);
    close(now);
    come(minute / 10 % 2, 1, 0, now);
    ASSERT_LE(experiment_.open.size(), std::size_t{kMaxOpenBatches} + 2);
  }
  EXPECT_EQ(experiment_.all[0].taken, 1'440U);
  EXPECT_FALSE(experiment_.is_over());
}

TEST_F(ExperimentTest, ASuccessGoesToTheBatchOfItsPerson) {
  come(0, 1, 0, kBegin);
  come(0, 1, 0, kBegin + hours(5));
  EXPECT_TRUE(count_success(experiment_, 0, kBegin));
  EXPECT_FALSE(count_success(experiment_, 0, kBegin)) << "all of that batch have succeeded";
  EXPECT_EQ(experiment_.open.front().arms[0].succeeded, 1U);
  EXPECT_EQ(experiment_.open.back().arms[0].succeeded, 0U);
  close(kBegin + days24(2) + hours(2));
  EXPECT_FALSE(count_success(experiment_, 0, kBegin)) << "the batch is closed";
  EXPECT_FALSE(count_success(experiment_, 0, kBegin + base::Millis{-1})) << "before it began";
}

TEST_F(ExperimentTest, PeopleWhoAreNotSharedOutAsWrittenEndItUndecided) {
  come(0, 2'000, 1'500, kBegin);
  come(1, 1'000, 100, kBegin);
  close(kBegin + days24(3));
  EXPECT_TRUE(experiment_.unbalanced);
  EXPECT_EQ(experiment_.winner, std::nullopt);
  EXPECT_FALSE(count_taken(experiment_, split_, 0, kBegin + days24(3)));
}

TEST_F(ExperimentTest, WithoutDecideItGoesOn) {
  split_.decide.reset();
  come(0, 2'000, 1'500, kBegin);
  come(1, 1'000, 100, kBegin);
  EXPECT_TRUE(close(kBegin + days24(3)));
  EXPECT_FALSE(experiment_.is_over());
}

TEST_F(ExperimentTest, WhatIsCountedIsNamedByArmsSharesMeasureAndDecision) {
  graph_.goals = {{.name = "bought", .event = "purchase"}, {.name = "seen", .event = "purchase"}};
  const std::uint64_t rule = rule_of(graph_, split_);
  const auto differs = [&](auto change) {
    graph::Split other = split_;
    change(other);
    return rule_of(graph_, other) != rule;
  };
  EXPECT_TRUE(differs([](graph::Split& s) { s.arms[0].name = "c"; }));
  EXPECT_TRUE(differs([](graph::Split& s) { s.arms[0].share = 4000, s.arms[1].share = 6000; }));
  EXPECT_TRUE(differs([](graph::Split& s) { s.measure->within = days24(3); }));
  EXPECT_TRUE(differs([](graph::Split& s) { s.measure->kind = graph::SplitMeasure::Kind::kGoal; }));
  EXPECT_TRUE(differs([](graph::Split& s) { s.decide->after = 200; }));
  EXPECT_TRUE(differs([](graph::Split& s) { s.decide.reset(); }));
  EXPECT_FALSE(differs([](graph::Split& s) { s.arms[0].next = 3; })) << "what the arms do";
  graph::Split first = split_;
  first.measure->kind = graph::SplitMeasure::Kind::kGoal;
  graph::Split second = first;
  second.measure->goal = 1;
  EXPECT_NE(rule_of(graph_, first), rule_of(graph_, second));
  std::swap(graph_.goals[0], graph_.goals[1]);
  EXPECT_NE(rule_of(graph_, first), rule_of(graph_, second));
}

}  // namespace
}  // namespace sojourn::engine
