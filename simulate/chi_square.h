// How likely chance alone strays this far from what was expected. Pure arithmetic.
#pragma once

#include <vector>

namespace sojourn::simulate {

struct ChiSquare {
  double statistic = 0;
  int degrees = 0;  // of freedom
  // The share of fair draws that stray at least as far: 1 is just as expected.
  double p = 1;
};

// `shares` need not sum to 1. Parts of which nothing is expected take no part.
ChiSquare chi_square(const std::vector<double>& observed, const std::vector<double>& shares);

// The upper tail of the distribution with so many degrees of freedom (at least 1).
double chi_square_tail(double statistic, int degrees);

}  // namespace sojourn::simulate
