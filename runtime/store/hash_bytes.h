// A Hash128 as stored: 16 bytes, big-endian, high half first, so that bytes sort
// as hashes do.
#pragma once

#include <array>
#include <string_view>

#include "base/hash.h"

namespace sojourn::store {

class HashBytes {
 public:
  explicit HashBytes(const base::Hash128& hash);
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

  // Anything but 16 bytes gives the hash of zeros.
  static base::Hash128 parse(std::string_view bytes);

 private:
  std::array<char, 16> bytes_;
};

}  // namespace sojourn::store
