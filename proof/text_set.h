// A set of texts: some that are named, or all but some that are named. It may be larger
// than it was asked to be, never smaller. A value type, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::proof {

class TextSet {
 public:
  // With more left out, none is.
  static constexpr std::size_t kMostLeftOut = 64;

  TextSet() = default;
  explicit TextSet(std::vector<std::string> named);
  static TextSet all();

  bool is_empty() const { return !all_but_ && named_.empty(); }
  bool is_single() const { return !all_but_ && named_.size() == 1; }
  bool has(std::string_view text) const;
  // All texts but those that are named?
  bool all_but() const { return all_but_; }
  // Sorted.
  const std::vector<std::string>& named() const { return named_; }

  friend TextSet united(const TextSet& a, const TextSet& b);
  friend TextSet common(const TextSet& a, const TextSet& b);
  // `b` is a single text.
  friend TextSet without(const TextSet& a, const TextSet& b);

  friend bool operator==(const TextSet&, const TextSet&) = default;

 private:
  TextSet(std::vector<std::string> named, bool all_but);

  std::vector<std::string> named_;
  bool all_but_ = false;
};

}  // namespace sojourn::proof
