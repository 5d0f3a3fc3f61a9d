#include "runtime/past_enrollment.h"

#include "base/bytes.h"

namespace sojourn::runtime {
namespace {
constexpr std::uint8_t kFormat = 2;
}

std::string encode(const PastEnrollment& past) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.fixed64(past.unit.high);
  out.fixed64(past.unit.low);
  out.string(past.journey);
  out.varint(past.number);
  out.signed_varint(past.ended_at.millis);
  out.string(past.reason);
  out.varint(past.ended);
  out.varint(past.restarts);
  return out.take();
}

base::Result<PastEnrollment> decode_past(std::string_view bytes) {
  base::ByteReader in(bytes);
  PastEnrollment past;
  const std::uint8_t format = in.u8();
  past.unit.high = in.fixed64();
  past.unit.low = in.fixed64();
  past.journey = in.string();
  past.number = static_cast<std::uint32_t>(in.varint());
  past.ended_at = base::Instant{in.signed_varint()};
  past.reason = in.string();
  past.ended = static_cast<std::uint32_t>(in.varint());
  past.restarts = static_cast<std::uint32_t>(in.varint());
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "a stored past enrollment cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return past;
}

}  // namespace sojourn::runtime
