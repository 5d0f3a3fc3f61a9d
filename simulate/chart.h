// Charts as inline SVG. Colours are classes (`series-0` …) that the page gives a
// meaning to, in light and in dark. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::simulate {

struct Series {
  std::string name;
  std::vector<std::uint64_t> values;
};

// The page has colours for so many series; further ones share the last.
inline constexpr std::size_t kSeriesColours = 8;
// More bars than this are drawn as one for each few neighbours.
inline constexpr std::size_t kMostBars = 120;

// Stacked bars, the series from below to above, one bar for each label. All series
// are as long as `labels`. What a bar shows is said when it is pointed at.
std::string bar_chart(std::string_view title, const std::vector<std::string>& labels,
                      const std::vector<Series>& series);

// A bar as wide as `share` (0 to 1) of its place.
std::string share_bar(double share);

}  // namespace sojourn::simulate
