// Against values of printed tables.
#include "simulate/chi_square.h"

#include <gtest/gtest.h>

namespace sojourn::simulate {
namespace {

TEST(ChiSquare, TheTailIsThatOfPrintedTables) {
  EXPECT_NEAR(chi_square_tail(3.841, 1), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(10.828, 1), 0.001, 1e-5);
  EXPECT_NEAR(chi_square_tail(5.991, 2), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(7.815, 3), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(9.488, 4), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(20.515, 5), 0.001, 1e-5);
  EXPECT_NEAR(chi_square_tail(18.307, 10), 0.05, 1e-4);
  EXPECT_EQ(chi_square_tail(0, 3), 1);
}

TEST(ChiSquare, WhatIsJustAsExpectedIsCertain) {
  const ChiSquare result = chi_square({500, 500}, {0.5, 0.5});
  EXPECT_EQ(result.statistic, 0);
  EXPECT_EQ(result.degrees, 1);
  EXPECT_EQ(result.p, 1);
}

TEST(ChiSquare, AWorkedExample) {
  // A die thrown 60 times.
  const ChiSquare result = chi_square({5, 8, 9, 8, 10, 20}, {1, 1, 1, 1, 1, 1});
  EXPECT_NEAR(result.statistic, 13.4, 1e-9);
  EXPECT_EQ(result.degrees, 5);
  EXPECT_NEAR(result.p, 0.0199, 1e-4);
}

TEST(ChiSquare, NothingToCompareIsNotUnlikely) {
  EXPECT_EQ(chi_square({}, {}).p, 1);
  EXPECT_EQ(chi_square({0, 0}, {0.5, 0.5}).p, 1);
  EXPECT_EQ(chi_square({10, 0}, {1, 0}).degrees, 0);
}

}  // namespace
}  // namespace sojourn::simulate
