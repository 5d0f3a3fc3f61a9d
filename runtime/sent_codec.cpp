#include "runtime/sent_codec.h"

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {
constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kMarketing = 128;
constexpr auto kLastMedium = static_cast<std::uint8_t>(graph::Medium::kWhatsApp);
}  // namespace

std::string encode(const std::vector<engine::SentMessage>& sent) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.varint(sent.size());
  for (const engine::SentMessage& message : sent) {
    out.fixed64(message.key.high);
    out.fixed64(message.key.low);
    out.signed_varint(message.at.millis);
    out.string(message.campaign);
    out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(message.kind.medium) |
                                     (message.kind.marketing ? kMarketing : 0)));
    out.string(message.kind.message_type);
  }
  return out.take();
}

base::Result<std::vector<engine::SentMessage>> decode_sent(std::string_view bytes) {
  base::ByteReader in(bytes);
  std::vector<engine::SentMessage> sent;
  const std::uint8_t format = in.u8();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    engine::SentMessage message;
    message.key.high = in.fixed64();
    message.key.low = in.fixed64();
    message.at = base::read_instant(in);
    message.campaign = in.string();
    const std::uint8_t kind = in.u8();
    message.kind.marketing = (kind & kMarketing) != 0;
    message.kind.medium = static_cast<graph::Medium>(kind & ~kMarketing);
    if ((kind & ~kMarketing) > kLastMedium) in.fail();
    message.kind.message_type = in.string();
    sent.push_back(std::move(message));
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "what a user has been sent cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return sent;
}

}  // namespace sojourn::runtime
