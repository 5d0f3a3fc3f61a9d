#include "engine/arm_evidence.h"

#include <array>
#include <cmath>
#include <numbers>

namespace sojourn::engine {
namespace {

constexpr double kWholeShare = 10'000;
// Keenest on a tenth more or less of the successes, and on a hundredth of the people.
constexpr double kSuccessWeight = 100;
constexpr double kRatioWeight = 1'000;

// ln Gamma(x) for x > 0: Stirling's series from 10 on, good to 1e-13 there, and
// Gamma(x + 1) = x Gamma(x) below. The library's writes to a global variable.
double log_gamma(double x) {
  double below = 0;
  for (; x < 10; x += 1) below += std::log(x);
  const double inverse = 1 / x;
  const double square = inverse * inverse;
  const double series =
      inverse *
      (1.0 / 12 -
       square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series - below;
}

double share_of(const graph::SplitArm& arm) {
  return arm.share / kWholeShare;
}

bool can_win(const graph::SplitArm& arm) {
  return arm.share > 0 && arm.name != graph::kHoldoutArm;
}

// Arm `a` of the two does better, and evidence says so.
bool is_better(const graph::Split& split, std::span<const ArmCounts> counts, std::uint32_t a,
               std::uint32_t b, double needed) {
  const double first = share_of(split.arms[a]);
  const double second = share_of(split.arms[b]);
  const std::array labels{counts[a].succeeded, counts[b].succeeded};
  const std::array shares{first / (first + second), second / (first + second)};
  const bool more =
      static_cast<double>(labels[0]) * second > static_cast<double>(labels[1]) * first;
  return more && log_evidence(labels, shares, kSuccessWeight) >= needed;
}

}  // namespace

double log_evidence(std::span<const std::uint64_t> labels, std::span<const double> shares,
                    double weight) {
  double n = 0;
  double log_e = log_gamma(weight);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto k = static_cast<double>(labels[i]);
    const double prior = weight * shares[i];
    log_e += log_gamma(prior + k) - log_gamma(prior) - k * std::log(shares[i]);
    n += k;
  }
  return log_e - log_gamma(weight + n);
}

bool is_unbalanced(const graph::Split& split, std::span<const ArmCounts> counts) {
  std::vector<std::uint64_t> labels;
  std::vector<double> shares;
  for (std::size_t i = 0; i < split.arms.size(); ++i) {
    if (split.arms[i].share == 0) continue;
    labels.push_back(counts[i].taken);
    shares.push_back(share_of(split.arms[i]));
  }
  return log_evidence(labels, shares, kRatioWeight) >= std::log(1 / kRatioAlarm);
}

std::optional<std::uint32_t> find_winner(const graph::Split& split,
                                         std::span<const ArmCounts> counts) {
  if (!split.decide) return std::nullopt;
  std::vector<std::uint32_t> candidates;
  for (std::uint32_t i = 0; i < split.arms.size(); ++i) {
    if (!can_win(split.arms[i])) continue;
    if (counts[i].taken < split.decide->after) return std::nullopt;
    candidates.push_back(i);
  }
  if (candidates.size() < 2) return std::nullopt;
  const double pairs = static_cast<double>(candidates.size() * (candidates.size() - 1)) / 2;
  const double allowed = 1 - split.decide->confidence / 10'000.0;
  const double needed = std::log(pairs / allowed);
  for (const std::uint32_t a : candidates) {
    bool best = true;
    for (const std::uint32_t b : candidates) {
      best = best && (a == b || is_better(split, counts, a, b, needed));
    }
    if (best) return a;
  }
  return std::nullopt;
}

}  // namespace sojourn::engine
