#include "engine/experiment.h"

#include <array>
#include <gtest/gtest.h>
#include <iostream>

#include "base/random.h"
#include "engine/settled_units.h"
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
  graph_.expressions.push_back({.op = graph::Op::kConstant, .constant = graph::Value("x")});
  EXPECT_TRUE(differs([](graph::Split& s) { s.unit = 0; }));
  graph::Split first = split_;
  first.measure->kind = graph::SplitMeasure::Kind::kGoal;
  graph::Split second = first;
  second.measure->goal = 1;
  EXPECT_NE(rule_of(graph_, first), rule_of(graph_, second));
  std::swap(graph_.goals[0], graph_.goals[1]);
  EXPECT_NE(rule_of(graph_, first), rule_of(graph_, second));
}

// People of twenty to a unit, who come in any order. The arms do nothing; units differ in how
// often their people succeed, from seldom to nearly always.
class PeopleInUnits {
 public:
  explicit PeopleInUnits(std::uint64_t seed) : random_(seed) {
    for (Unit& unit : units_) {
      unit.arm = static_cast<std::uint32_t>(base::random_below(random_, 2));
      unit.rate = base::random_below(random_, 10) < 3 ? 95 : 2;
    }
  }

  // One comes, in both experiments: one that counts units, and one that counts people.
  void come(const graph::Split& split, Instant now, Experiment& by_unit, Experiment& by_person) {
    const std::size_t number = base::random_below(random_, units_.size());
    const Unit& unit = units_[number];
    const bool succeeds = base::random_below(random_, 100) < unit.rate;
    const bool counts = settled_.insert(number);
    count(split, unit.arm, succeeds, now, by_person);
    if (counts) count(split, unit.arm, succeeds, now, by_unit);
  }

 private:
  struct Unit {
    std::uint32_t arm = 0;
    std::uint64_t rate = 0;  // percent
  };

  static void count(const graph::Split& split, std::uint32_t arm, bool succeeds, Instant now,
                    Experiment& experiment) {
    if (!count_taken(experiment, split, arm, now)) return;
    if (succeeds) count_success(experiment, arm, now);
  }

  base::SeededRandom random_;
  std::array<Unit, 1'000> units_;
  SettledUnits settled_;
};

// A thousand splits, each looked at after every batch.
TEST_F(ExperimentTest, UnitsAreSeldomDecidedWithoutADifferenceAndPeopleInUnitsOften) {
  constexpr int kRuns = 1'000;
  constexpr int kPeople = 20'000;
  constexpr std::uint64_t kSeed = 20'260'302;
  int units = 0;
  int people = 0;
  int units_unbalanced = 0;
  int people_unbalanced = 0;
  for (int run = 0; run < kRuns; ++run) {
    PeopleInUnits coming(kSeed + static_cast<std::uint64_t>(run));
    Experiment by_unit = begin_experiment(graph_, split_, kBegin);
    Experiment by_person = by_unit;
    for (int i = 0; i < kPeople; ++i) {
      const Instant now = kBegin + base::seconds(i * 30);
      coming.come(split_, now, by_unit, by_person);
      if (i % 90 != 0) continue;
      close_batches(by_unit, split_, now);
      close_batches(by_person, split_, now);
    }
    close_batches(by_unit, split_, kBegin + days24(30));
    close_batches(by_person, split_, kBegin + days24(30));
    units += by_unit.winner ? 1 : 0;
    people += by_person.winner ? 1 : 0;
    units_unbalanced += by_unit.unbalanced ? 1 : 0;
    people_unbalanced += by_person.unbalanced ? 1 : 0;
  }
  std::cout << "twenty people to a unit, no arm better: " << units << " of " << kRuns
            << " decided by units, " << people
            << " by people; said to be unbalanced: " << units_unbalanced << " and "
            << people_unbalanced << " (seed " << kSeed << ")\n";
  EXPECT_LE(units, kRuns * 5 / 100);
  EXPECT_LE(units_unbalanced, 5) << "one in a thousand is allowed, and four by chance";
  EXPECT_GT(people + people_unbalanced, kRuns * 5 / 100 * 3) << "so people must not be counted";
}

}  // namespace
}  // namespace sojourn::engine
