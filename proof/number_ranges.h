// A set of points on a line, as ranges: numbers, or what is counted like them (instants,
// days, minutes). A set may be larger than it was asked to be, never smaller.
// A value type, any thread.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace sojourn::proof {

// 64 bits of mantissa at least, so that integers and numbers are both exact.
using Point = long double;
static_assert(std::numeric_limits<Point>::digits >= 64);

struct Range {
  static constexpr Point kInfinity = std::numeric_limits<Point>::infinity();
  Point low = -kInfinity;
  Point high = kInfinity;
  bool low_open = false;  // without `low` itself
  bool high_open = false;
  friend bool operator==(const Range&, const Range&) = default;
};

class NumberRanges {
 public:
  // More of them become one range around all.
  static constexpr std::size_t kMostRanges = 16;

  NumberRanges() = default;
  // `integral`: only the whole numbers of it.
  NumberRanges(Range range, bool integral);

  bool is_empty() const { return ranges_.empty(); }
  bool is_single() const { return ranges_.size() == 1 && ranges_[0].low == ranges_[0].high; }
  bool has(Point point) const;
  bool integral() const { return integral_; }
  // In order, apart from each other, none of them empty.
  const std::vector<Range>& ranges() const { return ranges_; }

  friend NumberRanges united(const NumberRanges& a, const NumberRanges& b);
  friend NumberRanges common(const NumberRanges& a, const NumberRanges& b);
  // `b` is a single point.
  friend NumberRanges without(const NumberRanges& a, const NumberRanges& b);
  // Those of `a` before (after) some point of `b`, which is not empty; `or_equal`: or at it.
  friend NumberRanges before(const NumberRanges& a, const NumberRanges& b, bool or_equal);
  friend NumberRanges after(const NumberRanges& a, const NumberRanges& b, bool or_equal);

  friend bool operator==(const NumberRanges&, const NumberRanges&) = default;

 private:
  // Brings any ranges into their one form.
  void settle();

  std::vector<Range> ranges_;
  bool integral_ = false;
};

}  // namespace sojourn::proof
