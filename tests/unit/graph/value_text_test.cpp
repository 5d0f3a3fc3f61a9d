#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>

#include "graph/value.h"

namespace sojourn::graph {
namespace {

std::string json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

TEST(ValueJson, EveryKindHasItsForm) {
  EXPECT_EQ(json(Value()), "null");
  EXPECT_EQ(json(Value(true)), "true");
  EXPECT_EQ(json(Value(std::int64_t{-7})), "-7");
  EXPECT_EQ(json(Value("a\"\n")), "\"a\\\"\\n\"");
  EXPECT_EQ(json(Value(base::Instant{1'772'355'600'000})), "\"2026-03-01 09:00:00 +00:00\"");
  EXPECT_EQ(json(Value(Date{20'513})), "\"2026-03-01\"");
  EXPECT_EQ(json(Value(TimeOfDay{9 * 60})), "\"09:00\"");
  EXPECT_EQ(json(Value(Duration{0, 1, 12 * 3'600'000})), "\"1d12h\"");
  EXPECT_EQ(json(Value(List{Value(true), Value()})), "[true,null]");
  EXPECT_EQ(json(Value(Object{{"a", Value("x")}, {"b", Value(List{})}})), R"({"a":"x","b":[]})");
}

TEST(ValueJson, NumbersAreAsShortAsTheyCanBeReadBack) {
  EXPECT_EQ(json(Value(0.1)), "0.1");
  EXPECT_EQ(json(Value(2.0)), "2");
  EXPECT_EQ(json(Value(1e21)), "1e+21");
  for (const double v : {1.0 / 3, 5e-324, 1.7976931348623157e308, 123456.789}) {
    EXPECT_EQ(std::strtod(json(Value(v)).c_str(), nullptr), v);
  }
}

TEST(ValueJson, WhatIsNoNumberIsNull) {
  EXPECT_EQ(json(Value(std::numeric_limits<double>::infinity())), "null");
  EXPECT_EQ(json(Value(std::nan(""))), "null");
}

TEST(DurationText, IsAsAnAuthorWritesIt) {
  EXPECT_EQ(to_string(Duration{}), "0s");
  EXPECT_EQ(to_string(Duration{14, 0, 0}), "1y2mo");
  EXPECT_EQ(to_string(Duration{0, 30, 0}), "30d");
  EXPECT_EQ(to_string(Duration{0, 0, 90'061'000}), "25h1m1s");
  EXPECT_EQ(to_string(Duration{1, 2, 1'500}), "1mo2d1.500s");
  EXPECT_EQ(to_string(Duration{-12, -1, -60'000}), "-1y-1d-1m");
  EXPECT_EQ(to_string(Duration{INT32_MIN, INT32_MIN, INT64_MIN}),
            "-178956970y8mo-2147483648d-2562047788015h12m55.808s");
}

TEST(DateText, IsIso8601) {
  EXPECT_EQ(to_string(Date{0}), "1970-01-01");
  EXPECT_EQ(to_string(Date{-1}), "1969-12-31");
  EXPECT_EQ(to_string(TimeOfDay{0}), "00:00");
  EXPECT_EQ(to_string(TimeOfDay{23 * 60 + 59}), "23:59");
}

}  // namespace
}  // namespace sojourn::graph
