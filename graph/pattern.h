// Regular expressions of `matches` (RE2: linear in the text, whatever the pattern).
// Immutable; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace sojourn::graph {

// Longer ones are refused, and those that take more than kMaxPatternMemory compiled.
inline constexpr std::size_t kMaxPatternBytes = 1'000;
inline constexpr std::size_t kMaxPatternMemory = 256 << 10;

class Pattern {
 public:
  // The error says what is wrong with the text.
  static base::Result<std::shared_ptr<const Pattern>> compile(std::string_view text);
  ~Pattern();

  // Somewhere in `text`; `^` and `$` are its ends.
  bool is_found_in(std::string_view text) const;

 private:
  explicit Pattern(std::unique_ptr<const re2::RE2> compiled);
  std::unique_ptr<const re2::RE2> compiled_;
};

// What an expression derives from its own text; two of one text are alike.
struct CompiledPattern {
  std::shared_ptr<const Pattern> pattern;
  friend bool operator==(const CompiledPattern&, const CompiledPattern&) { return true; }
};

}  // namespace sojourn::graph
