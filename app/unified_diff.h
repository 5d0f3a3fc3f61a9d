// The difference of two texts, as `diff -u` and git write it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::app {

// Texts with more lines added and removed than this are shown as replaced from the
// first differing line to the last: finding the smallest difference is quadratic.
inline constexpr int kMaxDiffEdits = 1000;

// From `a/NAME` to `b/NAME`; empty when the texts are equal.
std::string unified_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace sojourn::app
