#include "proof/number_ranges.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sojourn::proof {
namespace {

// The same whole numbers between closed ends.
void round_inwards(Range& range) {
  if (std::isfinite(range.low)) {
    const Point low = std::ceil(range.low);
    range.low = range.low_open && low == range.low ? low + 1 : low;
    range.low_open = false;
  }
  if (std::isfinite(range.high)) {
    const Point high = std::floor(range.high);
    range.high = range.high_open && high == range.high ? high - 1 : high;
    range.high_open = false;
  }
}

bool is_empty(const Range& range) {
  if (range.low == range.high) return range.low_open || range.high_open;
  return range.low > range.high;
}

// Is there nothing between `a` and `b`, which begins no earlier?
bool touch(const Range& a, const Range& b, bool integral) {
  if (b.low < a.high) return true;
  if (integral) return b.low <= a.high + 1;
  return b.low == a.high && !(a.high_open && b.low_open);
}

void extend(Range& range, const Range& by) {
  if (by.high > range.high) {
    range.high = by.high;
    range.high_open = by.high_open;
  } else if (by.high == range.high) {
    range.high_open = range.high_open && by.high_open;
  }
}

Range overlap(const Range& a, const Range& b) {
  Range out = a;
  if (b.low > a.low || (b.low == a.low && b.low_open)) {
    out.low = b.low;
    out.low_open = b.low_open;
  }
  if (b.high < a.high || (b.high == a.high && b.high_open)) {
    out.high = b.high;
    out.high_open = b.high_open;
  }
  return out;
}

}  // namespace

NumberRanges::NumberRanges(Range range, bool integral) : ranges_{range}, integral_(integral) {
  settle();
}

bool NumberRanges::has(Point point) const {
  return std::ranges::any_of(ranges_, [&](const Range& range) {
    return (range.low_open ? range.low < point : range.low <= point) &&
           (range.high_open ? point < range.high : point <= range.high);
  });
}

void NumberRanges::settle() {
  if (integral_) std::ranges::for_each(ranges_, round_inwards);
  std::erase_if(ranges_, [](const Range& range) { return proof::is_empty(range); });
  std::ranges::sort(ranges_, [](const Range& a, const Range& b) {
    return a.low < b.low || (a.low == b.low && !a.low_open && b.low_open);
  });
  std::vector<Range> merged;
  for (const Range& range : ranges_) {
    if (merged.empty() || !touch(merged.back(), range, integral_)) {
      merged.push_back(range);
    } else {
      extend(merged.back(), range);
    }
  }
  if (merged.size() > kMostRanges) {
    extend(merged.front(), merged.back());
    merged.resize(1);
  }
  ranges_ = std::move(merged);
}

NumberRanges united(const NumberRanges& a, const NumberRanges& b) {
  NumberRanges out = a;
  out.integral_ = a.integral_ && b.integral_;
  out.ranges_.insert(out.ranges_.end(), b.ranges_.begin(), b.ranges_.end());
  out.settle();
  return out;
}

NumberRanges common(const NumberRanges& a, const NumberRanges& b) {
  NumberRanges out;
  out.integral_ = a.integral_ || b.integral_;
  for (const Range& x : a.ranges_) {
    for (const Range& y : b.ranges_) out.ranges_.push_back(overlap(x, y));
  }
  out.settle();
  return out;
}

NumberRanges without(const NumberRanges& a, const NumberRanges& b) {
  const Point point = b.ranges_.front().low;
  NumberRanges rest;
  rest.ranges_ = {{.high = point, .high_open = true}, {.low = point, .low_open = true}};
  return common(a, rest);
}

NumberRanges before(const NumberRanges& a, const NumberRanges& b, bool or_equal) {
  const Range& last = b.ranges_.back();
  NumberRanges limit;
  limit.ranges_ = {{.high = last.high, .high_open = last.high_open || !or_equal}};
  return common(a, limit);
}

NumberRanges after(const NumberRanges& a, const NumberRanges& b, bool or_equal) {
  const Range& first = b.ranges_.front();
  NumberRanges limit;
  limit.ranges_ = {{.low = first.low, .low_open = first.low_open || !or_equal}};
  return common(a, limit);
}

}  // namespace sojourn::proof
