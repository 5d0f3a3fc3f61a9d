// What counts of people say about the arms of a split, however often one looks. Pure.
//
// Both questions, whether arms differ and whether people were shared out as written, are one:
// do labels fall on arms with the probabilities p they should have? With k_i of n labels on arm
// i, the evidence against that is
//
//   E_n = integral of prod_i (q_i / p_i)^k_i over q ~ Dirichlet(w p_1, …, w p_m)
//       = Gamma(w) / Gamma(w + n) * prod_i Gamma(w p_i + k_i) / Gamma(w p_i) * p_i^-k_i
//
// a mixture of likelihood ratios. While the labels do fall so, each independent of those
// before, E is a martingale that begins at 1, whatever the mixture; so by Ville's inequality
// the chance that it ever reaches 1/a, at any n at all, is at most a. Nothing is approximated, and
// looking after every person costs nothing. (Ville 1939; Robbins, "Statistical methods related
// to the law of the iterated logarithm", 1970; for counts in arms: Lindon and Malek,
// "Anytime-valid inference for multinomial count data", 2022.)
//
// Two arms that do equally well: each person falls into one of them by the shares and then
// succeeds with the same chance, so the successes, too, fall by the shares. How often people
// succeed at all need not be known. What is given away against a test that looks once at a
// number of people fixed before is mainly that those who did not succeed are not looked at: a
// part of 1/(1 - rate) more people.
//
// The weight w says what difference the test is keenest on, not whether it is right.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/step.h"

namespace sojourn::engine {

// Of an arm.
struct ArmCounts {
  std::uint64_t taken = 0;
  std::uint64_t succeeded = 0;  // at most `taken`
  friend bool operator==(const ArmCounts&, const ArmCounts&) = default;
};

// The natural logarithm of E. `shares` are all above zero and sum to 1.
double log_evidence(std::span<const std::uint64_t> labels, std::span<const double> shares,
                    double weight);

// The chance that a split whose people are shared out as written is said not to be.
inline constexpr double kRatioAlarm = 0.001;
// People were not shared out among the arms as written: then they may differ in more than the arm,
// and nothing should be decided.
bool is_unbalanced(const graph::Split& split, std::span<const ArmCounts> counts);

// The arm that does better than each other one that can win: all but `holdout` and those
// without a share. Nothing while that is not certain, or an arm has fewer people than
// `decide` asks for. Where arms do equally well, the chance that one is ever said to be
// better is at most 1 - confidence, over all pairs and looks together (Bonferroni).
std::optional<std::uint32_t> find_winner(const graph::Split& split,
                                         std::span<const ArmCounts> counts);

}  // namespace sojourn::engine
