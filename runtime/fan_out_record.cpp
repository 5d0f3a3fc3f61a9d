#include "runtime/fan_out_record.h"

#include <fmt/format.h>
#include <utility>

#include "base/bytes.h"
#include "runtime/event_codec.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;

auto unreadable() {
  return base::failure(base::Error::Kind::kFatal, "a stored event for many users cannot be read",
                       "the database is damaged or was written by a newer version");
}

}  // namespace

std::string fanned_id(const FannedEvent& event, store::UserId user) {
  return fmt::format("{} for {}:{}", event.id, user.shard, user.number);
}

std::string encode(const FannedEvent& event) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.string(event.id);
  out.varint(event.parts);
  out.string(encode(event.event));
  return out.take();
}

base::Result<FannedEvent> decode_fanned_event(std::string_view bytes) {
  base::ByteReader in(bytes);
  FannedEvent event;
  const std::uint8_t format = in.u8();
  event.id = in.string();
  const std::uint64_t parts = in.varint();
  event.parts = static_cast<std::uint32_t>(parts);
  const std::string_view fact = in.string();
  if (format != kFormat || !in.ok() || !in.at_end() || event.parts != parts) return unreadable();
  auto decoded = decode_event(fact, 0);
  if (!decoded) return tl::unexpected(decoded.error());
  event.event = std::move(*decoded);
  return event;
}

std::string encode_users(const std::vector<store::UserId>& users) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.varint(users.size());
  std::uint64_t before = 0;
  for (const store::UserId user : users) {
    out.varint(user.packed() - before);
    before = user.packed();
  }
  return out.take();
}

base::Result<std::vector<store::UserId>> decode_users(std::string_view bytes) {
  base::ByteReader in(bytes);
  std::vector<store::UserId> users;
  const std::uint8_t format = in.u8();
  const std::size_t count = in.count();
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    packed += in.varint();
    users.push_back(store::UserId::unpack(packed));
  }
  if (format != kFormat || !in.ok() || !in.at_end() || count > kFanOutPart) return unreadable();
  return users;
}

}  // namespace sojourn::runtime
