// The value at a percentile (nearest rank), reordering what it is given. Zero
// when there is nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sojourn::bench {

template <typename Number>
Number percentile(std::vector<Number>& values, int percent) {
  if (values.empty()) return Number{};
  const std::size_t rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1)) - 1;
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace sojourn::bench
