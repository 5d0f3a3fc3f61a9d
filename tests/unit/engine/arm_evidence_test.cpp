#include "engine/arm_evidence.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <iostream>
#include <string>

#include "base/random.h"

namespace sojourn::engine {
namespace {

constexpr std::uint64_t kSeed = 20'260'301;

graph::Split split(std::vector<std::pair<const char*, std::uint32_t>> arms,
                   std::uint32_t after = 50) {
  graph::Split out;
  out.name = "s";
  out.measure = graph::SplitMeasure{};
  out.decide = graph::SplitDecision{after, 9'500};
  for (const auto& [name, share] : arms) out.arms.push_back({name, share, graph::kCompleted});
  return out;
}

// A stream of people who are shared out by `shares` and succeed by their arm's rate.
class People {
 public:
  People(const graph::Split& split, std::vector<double> rates, std::uint64_t seed)
      : split_(split), rates_(std::move(rates)), random_(seed), counts_(split.arms.size()) {}

  void come(int number) {
    for (int i = 0; i < number; ++i) {
      auto place = static_cast<std::uint32_t>(base::random_below(random_, 10'000));
      std::size_t arm = 0;
      while (place >= split_.arms[arm].share) place -= split_.arms[arm++].share;
      ++counts_[arm].taken;
      const bool succeeds =
          static_cast<double>(base::random_below(random_, 1'000'000)) < rates_[arm] * 1e6;
      if (succeeds) ++counts_[arm].succeeded;
    }
  }
  const std::vector<ArmCounts>& counts() const { return counts_; }

 private:
  const graph::Split& split_;
  std::vector<double> rates_;
  base::SeededRandom random_;
  std::vector<ArmCounts> counts_;
};

struct Outcomes {
  int decided = 0;
  int for_first = 0;
  double people = 0;  // when it was decided, on average
};

// Looks after every `step` people, up to `most`; judged by the split's arms.
Outcomes run(const graph::Split& asked, const graph::Split& shared, std::vector<double> rates,
             int runs, int most, int step) {
  Outcomes out;
  for (int i = 0; i < runs; ++i) {
    People people(shared, rates, kSeed + static_cast<std::uint64_t>(i));
    for (int came = step; came <= most; came += step) {
      people.come(step);
      const auto winner = find_winner(asked, people.counts());
      if (!winner) continue;
      ++out.decided;
      if (*winner == 0) ++out.for_first;
      out.people += came;
      break;
    }
  }
  if (out.decided > 0) out.people /= out.decided;
  return out;
}

double evidence(std::vector<std::uint64_t> labels, std::vector<double> shares, double weight) {
  return std::exp(log_evidence(labels, shares, weight));
}

TEST(ArmEvidence, BeginsAtOneAndIsWhatTheFormulaSays) {
  EXPECT_NEAR(evidence({0, 0}, {0.5, 0.5}, 100), 1, 1e-9);
  EXPECT_NEAR(evidence({1, 0}, {0.5, 0.5}, 100), 1, 1e-9);
  // 4 * (50 * 51) / (100 * 101)
  EXPECT_NEAR(evidence({2, 0}, {0.5, 0.5}, 100), 102.0 / 101, 1e-9);
  EXPECT_NEAR(evidence({1, 1}, {0.5, 0.5}, 100), 100.0 / 101, 1e-9);
  EXPECT_NEAR(evidence({0, 3}, {0.75, 0.25}, 4), 64.0 * (1 * 2 * 3) / (4 * 5 * 6), 1e-9);
}

// What Ville's inequality needs: one more label changes it by nothing on average, wherever
// it stands.
TEST(ArmEvidence, IsAMartingale) {
  base::SeededRandom random(kSeed);
  const std::vector<double> shares{0.5, 0.3, 0.2};
  for (int i = 0; i < 500; ++i) {
    std::vector<std::uint64_t> labels;
    for (int k = 0; k < 3; ++k) labels.push_back(base::random_below(random, 400));
    const double now = log_evidence(labels, shares, 100);
    double next = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      ++labels[k];
      next += shares[k] * std::exp(log_evidence(labels, shares, 100) - now);
      --labels[k];
    }
    EXPECT_NEAR(next, 1, 1e-8);
  }
}

TEST(ArmEvidence, StaysExactForGreatNumbers) {
  const double even = log_evidence(std::array<std::uint64_t, 2>{500'000'000, 500'000'000},
                                   std::array{0.5, 0.5}, 100);
  EXPECT_NEAR(even, -0.5 * std::log(1e9 / 100), 0.01);
}

// Two thousand splits each, looked at 200 times.
TEST(ArmEvidence, WithoutADifferenceItSeldomDecides) {
  constexpr int kRuns = 2'000;
  struct Case {
    const char* name;
    graph::Split split;
    double rate;
  };
  for (const Case& each :
       {Case{"50/50 at 20%", split({{"a", 5000}, {"b", 5000}}), 0.20},
        Case{"90/10 at 5%", split({{"a", 9000}, {"b", 1000}}), 0.05},
        Case{"four arms and a holdout at 30%",
             split({{"a", 3000}, {"b", 2500}, {"c", 2000}, {"d", 1500}, {"holdout", 1000}}),
             0.30}}) {
    const std::vector<double> rates(each.split.arms.size(), each.rate);
    const Outcomes out = run(each.split, each.split, rates, kRuns, 4'000, 20);
    std::cout << each.name << ": " << out.decided << " of " << kRuns
              << " decided although no arm is better (seed " << kSeed << ")\n";
    EXPECT_LE(out.decided, kRuns * 5 / 100) << each.name;
  }
}

TEST(ArmEvidence, WithADifferenceTheBetterArmWins) {
  constexpr int kRuns = 300;
  struct Case {
    const char* name;
    graph::Split split;
    std::vector<double> rates;
  };
  for (const Case& each :
       {Case{"13% against 10%", split({{"a", 5000}, {"b", 5000}}), {0.13, 0.10}},
        Case{"13% against 10%, 30/70", split({{"a", 3000}, {"b", 7000}}), {0.13, 0.10}},
        Case{"14%, 10%, 10%", split({{"a", 3400}, {"b", 3300}, {"c", 3300}}), {0.14, 0.1, 0.1}}}) {
    const Outcomes out = run(each.split, each.split, each.rates, kRuns, 30'000, 50);
    std::cout << each.name << ": " << out.decided << " of " << kRuns << " decided, "
              << out.for_first << " for the better, after " << out.people
              << " people on average (seed " << kSeed << ")\n";
    EXPECT_GE(out.decided, kRuns * 95 / 100) << each.name;
    EXPECT_GE(out.for_first, out.decided * 98 / 100) << each.name;
  }
}

TEST(ArmEvidence, EveryArmNeedsThePeopleThatDecideAsksFor) {
  const graph::Split asked = split({{"a", 5000}, {"b", 5000}}, 1'000);
  EXPECT_EQ(find_winner(asked, std::vector<ArmCounts>{{1'000, 500}, {999, 100}}), std::nullopt);
  EXPECT_EQ(find_winner(asked, std::vector<ArmCounts>{{1'000, 500}, {1'000, 100}}), 0U);
  EXPECT_EQ(find_winner(asked, std::vector<ArmCounts>{{1'000, 100}, {1'000, 500}}), 1U);
}

TEST(ArmEvidence, TheHoldoutAndArmsWithoutAShareNeverWin) {
  const graph::Split asked = split({{"a", 4000}, {"b", 4000}, {"holdout", 2000}, {"none", 0}}, 100);
  EXPECT_EQ(
      find_winner(asked, std::vector<ArmCounts>{{1'000, 100}, {1'000, 100}, {500, 500}, {0, 0}}),
      std::nullopt);
  EXPECT_EQ(find_winner(asked, std::vector<ArmCounts>{{1'000, 100}, {1'000, 300}, {3, 0}, {0, 0}}),
            1U);
}

TEST(ArmEvidence, PeopleWhoAreNotSharedOutAsWrittenAreFound) {
  const graph::Split asked = split({{"a", 5000}, {"b", 5000}});
  const graph::Split shared = split({{"a", 5500}, {"b", 4500}});
  constexpr int kRuns = 2'000;
  int found = 0;
  int false_alarms = 0;
  for (int i = 0; i < kRuns; ++i) {
    const std::uint64_t seed = kSeed + static_cast<std::uint64_t>(i);
    People uneven(shared, {0.1, 0.1}, seed);
    People even(asked, {0.1, 0.1}, seed);
    bool alarm = false;
    for (int look = 0; look < 40; ++look) {
      uneven.come(100);
      even.come(100);
      alarm = alarm || is_unbalanced(asked, even.counts());
    }
    found += is_unbalanced(asked, uneven.counts()) ? 1 : 0;
    false_alarms += alarm ? 1 : 0;
  }
  std::cout << "shares of 55/45 instead of 50/50: found in " << found << " of " << kRuns
            << " after 4000 people; false alarms: " << false_alarms << " (seed " << kSeed << ")\n";
  EXPECT_GE(found, kRuns * 95 / 100);
  // One in a thousand is allowed: two of them, and 5 of these by chance.
  EXPECT_LE(false_alarms, 7);
}

}  // namespace
}  // namespace sojourn::engine
