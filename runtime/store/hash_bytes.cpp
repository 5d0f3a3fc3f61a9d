#include "runtime/store/hash_bytes.h"

#include "base/bytes.h"

namespace sojourn::store {

HashBytes::HashBytes(const base::Hash128& hash) : bytes_{} {
  for (std::size_t i = 0; i < 8; ++i) {
    const unsigned shift = 56 - 8 * static_cast<unsigned>(i);
    bytes_[i] = static_cast<char>(hash.high >> shift);
    bytes_[8 + i] = static_cast<char>(hash.low >> shift);
  }
}

base::Hash128 HashBytes::parse(std::string_view bytes) {
  base::ByteReader reader(bytes);
  base::Hash128 hash;
  hash.high = reader.fixed64();
  hash.low = reader.fixed64();
  return reader.ok() && reader.at_end() ? hash : base::Hash128{};
}

}  // namespace sojourn::store
