#include "runtime/event_codec.h"

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {
constexpr std::uint8_t kFormat = 1;
}

std::string encode(const engine::EventFact& event) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.string(event.name);
  out.signed_varint(event.arrived_at.millis);
  out.signed_varint((event.created_at - event.arrived_at).count);
  out.varint(event.fields.size());
  for (const auto& [name, value] : event.fields) {
    out.string(name);
    graph::encode_value(value, out);
  }
  return out.take();
}

base::Result<engine::EventFact> decode_event(std::string_view bytes, std::uint64_t number) {
  base::ByteReader in(bytes);
  engine::EventFact event;
  event.number = number;
  const std::uint8_t format = in.u8();
  event.name = in.string();
  event.arrived_at = base::read_instant(in);
  event.created_at = base::read_instant(in, event.arrived_at);
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    std::string name(in.string());
    event.fields.emplace_back(std::move(name), graph::decode_value(in));
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "a stored event cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return event;
}

}  // namespace sojourn::runtime
