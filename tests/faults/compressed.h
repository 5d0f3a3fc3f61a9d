// Bytes as gzip, written by hand: the format is RFC 1951 and 1952.
#pragma once

#include <cstddef>
#include <string>

namespace sojourn::faults {

// About `bytes` zeros, in a hundred and sixtieth of that. The checksum at the end is not right:
// whoever gets so far has decoded all of it.
std::string compressed_zeros(std::size_t bytes);

}  // namespace sojourn::faults
