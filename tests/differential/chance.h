// Choices by a seeded source, in the words of the generators.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fmt/core.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/random.h"

namespace sojourn::differential {

class Chance {
 public:
  explicit Chance(base::Random& random) : random_(random) {}
  std::uint64_t below(std::uint64_t bound) { return base::random_below(random_, bound); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(to - from + 1)));
  }
  template <std::size_t N>
  std::string pick(const std::array<std::string_view, N>& choices) {
    return std::string(choices[below(N)]);
  }

 private:
  base::Random& random_;
};

// A text with gaps, always written in braces: `Text{"{} of {}", chance.below(3), chance.below(5)}`.
// Then what is drawn for it is drawn from left to right, whatever the compiler; the arguments of
// a call may be drawn in any order.
struct Text {
  template <class... Args>
  explicit Text(fmt::format_string<Args...> format, Args&&... args)
      : text(fmt::format(format, std::forward<Args>(args)...)) {}
  operator std::string() && { return std::move(text); }  // NOLINT: what it is for
  std::string text;
};

}  // namespace sojourn::differential
