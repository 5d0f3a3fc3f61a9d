#include "runtime/past_enrollment.h"

#include <utility>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {
constexpr std::uint8_t kFormat = 3;
}

void PastEnrollment::add_end(PastEnd end) {
  std::erase_if(ends, [&](const PastEnd& earlier) { return earlier.reason == end.reason; });
  if (ends.size() == kMaxReasons) ends.erase(ends.begin());
  ends.push_back(std::move(end));
}

std::string encode(const PastEnrollment& past) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.fixed64(past.unit.high);
  out.fixed64(past.unit.low);
  out.string(past.journey);
  out.varint(past.number);
  out.varint(past.ends.size());
  for (const PastEnd& end : past.ends) {
    out.string(end.reason);
    out.signed_varint(end.at.millis);
  }
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
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    std::string reason(in.string());
    past.ends.push_back({std::move(reason), base::read_instant(in)});
  }
  past.ended = static_cast<std::uint32_t>(in.varint());
  past.restarts = static_cast<std::uint32_t>(in.varint());
  if (format != kFormat || past.ends.empty() || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "a stored past enrollment cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return past;
}

}  // namespace sojourn::runtime
