// Dates of the proleptic Gregorian calendar and their day numbers (days since
// 1970-01-01). Pure arithmetic: no zone, no clock.
#pragma once

#include <compare>
#include <cstdint>

namespace sojourn::base {

struct CivilDay {
  std::int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  friend constexpr auto operator<=>(const CivilDay&, const CivilDay&) = default;
};

// `day` may lie outside its month; it is counted on from the first.
std::int64_t days_from_civil(CivilDay date);
CivilDay civil_from_days(std::int64_t days);
// 28 to 31.
int days_in_month(std::int64_t year, int month);

}  // namespace sojourn::base
