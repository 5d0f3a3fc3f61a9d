#include "tests/faults/compressed.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace sojourn::faults {
namespace {

// The longest repeat that deflate knows.
constexpr std::size_t kRepeatBytes = 258;

class Bits {
 public:
  // The highest bit first, as Huffman codes stand.
  void code(std::uint32_t value, int count) {
    for (int bit = count - 1; bit >= 0; --bit) put((value >> bit & 1U) != 0);
  }
  void put(bool bit) {
    byte_ |= static_cast<unsigned>(bit) << used_;
    if (++used_ < 8) return;
    out_ += static_cast<char>(byte_);
    byte_ = used_ = 0;
  }
  std::string end() {
    while (used_ != 0) put(false);
    return std::move(out_);
  }

 private:
  std::string out_;
  unsigned byte_ = 0;
  unsigned used_ = 0;
};

}  // namespace

std::string compressed_zeros(std::size_t bytes) {
  constexpr std::string_view kHead{"\x1f\x8b\x08\0\0\0\0\0\0\x03", 10};
  Bits bits;
  bits.put(true);  // the last block, with fixed codes
  bits.put(true);
  bits.put(false);
  bits.code(0b0011'0000, 8);  // a zero
  for (std::size_t at = 0; at < bytes; at += kRepeatBytes) {
    bits.code(0b1100'0101, 8);  // the longest repeat
    bits.code(0, 5);            // of the byte before
  }
  bits.code(0, 7);
  return std::string(kHead) + bits.end() + std::string(8, '\0');
}

}  // namespace sojourn::faults
