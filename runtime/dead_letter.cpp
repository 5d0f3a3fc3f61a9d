#include "runtime/dead_letter.h"

#include <utility>

#include "base/bytes.h"
#include "base/stored_instant.h"
#include "base/text.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;

// Stored: never renumber.
enum class StoredState : std::uint8_t { kRefused = 1, kLate = 2, kInDoubt = 3 };

StoredState stored(DeliveryState state) {
  if (state == DeliveryState::kLate) return StoredState::kLate;
  if (state == DeliveryState::kInDoubt) return StoredState::kInDoubt;
  return StoredState::kRefused;
}

DeliveryState state_of(std::uint8_t number, base::ByteReader& in) {
  switch (static_cast<StoredState>(number)) {
    case StoredState::kRefused:
      return DeliveryState::kRefused;
    case StoredState::kLate:
      return DeliveryState::kLate;
    case StoredState::kInDoubt:
      return DeliveryState::kInDoubt;
  }
  in.fail();
  return DeliveryState::kRefused;
}

}  // namespace

std::string kept_answer(std::string_view text) {
  std::string_view kept = text.substr(0, kMaxKeptAnswerBytes);
  if (const auto invalid = base::first_invalid_utf8(kept)) kept = kept.substr(0, *invalid);
  return std::string(kept);
}

base::Instant last_chance(const DeliveryRecord& record, base::Millis default_deadline) {
  return record.last_chance.value_or(record.planned_at + default_deadline);
}

std::string_view hindrance(const DeadLetter& letter, base::Instant now,
                           base::Millis default_deadline) {
  // What may have arrived is not sent a second time.
  if (letter.state == DeliveryState::kInDoubt) return "at_most_once";
  // A no is told however late.
  if (letter.record.kind == DeliveryRecord::Kind::kUnsubscribe) return {};
  // Nor has what its sender was told is kept a time of its own.
  if (letter.record.kind == DeliveryRecord::Kind::kForward) return {};
  return now > last_chance(letter.record, default_deadline) ? "late" : std::string_view();
}

std::string encode(const DeadLetter& letter) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.fixed64(letter.key.user.packed());
  out.fixed64(letter.key.message.high);
  out.fixed64(letter.key.message.low);
  out.u8(static_cast<std::uint8_t>(stored(letter.state)));
  out.signed_varint(letter.since.millis);
  out.string(letter.reason);
  out.string(letter.answer);
  out.string(encode(letter.record));
  return out.take();
}

base::Result<DeadLetter> decode_dead_letter(std::string_view bytes) {
  base::ByteReader in(bytes);
  DeadLetter letter;
  const std::uint8_t format = in.u8();
  letter.key.user = store::UserId::unpack(in.fixed64());
  letter.key.message.high = in.fixed64();
  letter.key.message.low = in.fixed64();
  letter.state = state_of(in.u8(), in);
  letter.since = base::read_instant(in);
  letter.reason = in.string();
  letter.answer = in.string();
  const std::string_view record = in.string();
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal,
                         "a stored delivery that ended unsent cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  auto decoded = decode_delivery(record);
  if (!decoded) return tl::unexpected(decoded.error());
  letter.record = std::move(*decoded);
  return letter;
}

}  // namespace sojourn::runtime
