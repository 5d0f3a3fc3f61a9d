// What the reports for people have in common.
#include <fmt/core.h>

#include "simulate/report.h"

#include "graph/value.h"

namespace sojourn::simulate {

std::string grouped(Count count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string percent_text(Count part, Count whole) {
  const double share = whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  return fmt::format("{:.1f} %", share * 100);
}

std::string stay_text(base::Millis length) {
  constexpr std::int64_t kDay = base::days24(1).count;
  constexpr std::int64_t kHour = base::hours(1).count;
  constexpr std::int64_t kMinute = base::minutes(1).count;
  const std::int64_t unit = length.count >= kDay    ? kHour
                            : length.count >= kHour ? kMinute
                                                    : base::seconds(1).count;
  const std::int64_t rounded = length.count - length.count % unit;
  graph::Duration parts;
  parts.days = static_cast<std::int32_t>(rounded / kDay);
  parts.millis = rounded % kDay;
  return graph::to_string(parts);
}

std::string balance_text(const SplitFigures& split) {
  if (split.balance.degrees == 0) return "nothing to compare";
  return fmt::format("{}chi-square {:.2f}, p {:.3f}: {}",
                     split.units ? fmt::format("of {} units, ", *split.units) : std::string(),
                     split.balance.statistic, split.balance.p,
                     split.is_balanced() ? "as expected" : "not by chance");
}

}  // namespace sojourn::simulate
