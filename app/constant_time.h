// Comparison of secrets.
#pragma once

#include <array>
#include <string_view>

namespace sojourn::app {

// SHA-256 of a key: all that is kept of it.
using KeyDigest = std::array<unsigned char, 32>;
KeyDigest digest_of(std::string_view key);
// Takes as long whatever they hold.
bool are_same(const KeyDigest& a, const KeyDigest& b);

// A key that requests must bring. Takes as long to refuse a wrong key as to accept
// the right one: both are hashed first, so neither content nor length shows in the
// time. Holds only the hash. Immutable.
class ExpectedKey {
 public:
  explicit ExpectedKey(std::string_view key) : digest_(digest_of(key)) {}
  bool matches(std::string_view given) const { return are_same(digest_of(given), digest_); }

 private:
  KeyDigest digest_;
};

}  // namespace sojourn::app
