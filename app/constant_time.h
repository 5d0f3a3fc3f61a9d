// Comparison of secrets.
#pragma once

#include <array>
#include <string_view>

namespace sojourn::app {

// A key that requests must bring. Takes as long to refuse a wrong key as to accept
// the right one: both are hashed first, so neither content nor length shows in the
// time. Holds only the hash. Immutable.
class ExpectedKey {
 public:
  explicit ExpectedKey(std::string_view key);
  bool matches(std::string_view given) const;

 private:
  std::array<unsigned char, 32> digest_;
};

}  // namespace sojourn::app
