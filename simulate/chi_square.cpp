#include "simulate/chi_square.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace sojourn::simulate {

// The regularised incomplete gamma function Q(degrees/2, statistic/2), which is a
// finite sum when the first argument is a multiple of a half.
double chi_square_tail(double statistic, int degrees) {
  if (statistic <= 0) return 1;
  const double half = statistic / 2;
  const bool is_odd = degrees % 2 == 1;
  double tail = is_odd ? std::erfc(std::sqrt(half)) : 0;
  double term = is_odd ? 2 * std::sqrt(half / std::numbers::pi) : 1;
  double index = is_odd ? 1.5 : 1;
  for (int left = degrees / 2; left > 0; --left) {
    tail += std::exp(-half) * term;
    term *= half / index;
    index += 1;
  }
  return std::clamp(tail, 0.0, 1.0);
}

ChiSquare chi_square(const std::vector<double>& observed, const std::vector<double>& shares) {
  ChiSquare result;
  const double count = std::accumulate(observed.begin(), observed.end(), 0.0);
  const double whole = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (count <= 0 || whole <= 0) return result;
  int parts = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const double expected = count * shares[i] / whole;
    if (expected <= 0) continue;
    ++parts;
    result.statistic += (observed[i] - expected) * (observed[i] - expected) / expected;
  }
  result.degrees = std::max(0, parts - 1);
  if (result.degrees > 0) result.p = chi_square_tail(result.statistic, result.degrees);
  return result;
}

}  // namespace sojourn::simulate
