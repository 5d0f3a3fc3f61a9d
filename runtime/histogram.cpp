#include "runtime/histogram.h"

#include <algorithm>
#include <limits>

namespace sojourn::runtime {

void Histogram::add(base::Millis length) {
  const std::int64_t millis = std::max<std::int64_t>(0, length.count);
  const auto* bucket = std::ranges::lower_bound(kUpToMillis, millis);
  ++counts_[static_cast<std::size_t>(bucket - kUpToMillis.begin())];
  ++total_;
  const std::int64_t room = std::numeric_limits<std::int64_t>::max() - sum_.count;
  sum_.count += std::min(millis, room);
  longest_.count = std::max(longest_.count, millis);
}

}  // namespace sojourn::runtime
