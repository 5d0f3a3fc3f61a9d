#include "base/stored_instant.h"

namespace sojourn::base {

Instant read_instant(ByteReader& in, Instant since) {
  Instant read;
  if (__builtin_add_overflow(in.signed_varint(), since.millis, &read.millis) ||
      read.millis > kFurthestStoredMillis || read.millis < -kFurthestStoredMillis) {
    in.fail();
    return {};
  }
  return read;
}

}  // namespace sojourn::base
