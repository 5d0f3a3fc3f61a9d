#include "runtime/delivery_record.h"

#include <utility>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;

using Kind = DeliveryRecord::Kind;

enum Flag : std::uint8_t {
  kInDoubt = 1,
  kSentAgain = 2,
  kHasLastChance = 4,
  kHasClaim = 8,
  kHasDoubt = 16,
  kParked = 32,
  kHasMedium = 64,
  kHasEnrollmentThen = 128,
};

std::uint8_t flags_of(const DeliveryRecord& record) {
  return static_cast<std::uint8_t>(
      (record.in_doubt ? kInDoubt : 0) | (record.sent_again ? kSentAgain : 0) |
      (record.last_chance ? kHasLastChance : 0) | (record.claimed_at ? kHasClaim : 0) |
      (record.doubt ? kHasDoubt : 0) | (record.parked ? kParked : 0) |
      (record.medium ? kHasMedium : 0) | (record.enrollment_then ? kHasEnrollmentThen : 0));
}

void encode_doubt(const DeliveryRecord& record, base::ByteWriter& out) {
  if (record.claimed_at) out.signed_varint(record.claimed_at->millis);
  if (!record.doubt) return;
  out.signed_varint(record.doubt->from.millis);
  out.varint(record.doubt->attempts);
  out.varint(record.doubt->look_ups);
}

void decode_doubt(base::ByteReader& in, std::uint8_t flags, DeliveryRecord& record) {
  record.parked = (flags & kParked) != 0;
  if ((flags & kHasClaim) != 0) record.claimed_at = base::read_instant(in);
  if ((flags & kHasDoubt) == 0) {
    if (record.parked) in.fail();
    return;
  }
  Doubt doubt;
  doubt.from = base::read_instant(in);
  doubt.attempts = static_cast<std::uint32_t>(in.varint());
  doubt.look_ups = static_cast<std::uint32_t>(in.varint());
  record.doubt = doubt;
}

// Stored under its number, as Endpoint is.
void decode_medium(base::ByteReader& in, std::uint8_t flags, DeliveryRecord& record) {
  if ((flags & kHasMedium) == 0) return;
  const std::uint8_t number = in.u8();
  if (number > static_cast<std::uint8_t>(graph::Medium::kWhatsApp)) return in.fail();
  record.medium = static_cast<graph::Medium>(number);
}

void encode_enrollment_then(const DeliveryRecord& record, base::ByteWriter& out) {
  if (!record.enrollment_then) return;
  out.signed_varint(record.enrollment_then->at.millis);
  out.fixed64(record.enrollment_then->unit.high);
  out.fixed64(record.enrollment_then->unit.low);
  out.string(record.enrollment_then->body);
}

void decode_enrollment_then(base::ByteReader& in, std::uint8_t flags, DeliveryRecord& record) {
  if ((flags & kHasEnrollmentThen) == 0) return;
  EnrollmentThen then;
  then.at = base::read_instant(in);
  then.unit.high = in.fixed64();
  then.unit.low = in.fixed64();
  then.body = in.string();
  record.enrollment_then = std::move(then);
}

bool has_fields(Kind kind) {
  return kind == Kind::kTrack || kind == Kind::kCall;
}

void encode_update(const DeliveryRecord& record, base::ByteWriter& out) {
  out.varint(record.names.size());
  for (const std::string& name : record.names) out.string(name);
}

void decode_update(base::ByteReader& in, DeliveryRecord& record) {
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) record.names.emplace_back(in.string());
}

void encode_fields(const DeliveryRecord& record, base::ByteWriter& out) {
  out.varint(record.fields.size());
  for (const auto& [name, value] : record.fields) {
    out.string(name);
    graph::encode_value(value, out);
  }
}

void decode_fields(base::ByteReader& in, DeliveryRecord& record) {
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    std::string name(in.string());
    record.fields.emplace_back(std::move(name), graph::decode_value(in));
  }
}

void encode_forward(const DeliveryRecord& record, base::ByteWriter& out) {
  out.varint(record.planned_by);
  out.varint(record.place);
  out.string(record.body);
}

void decode_forward(base::ByteReader& in, DeliveryRecord& record) {
  record.planned_by = in.varint();
  record.place = static_cast<std::uint32_t>(in.varint());
  record.body = in.string();
}

}  // namespace

std::string_view to_string(DeliveryRecord::Kind kind) {
  switch (kind) {
    case DeliveryRecord::Kind::kMessage:
      return "message";
    case DeliveryRecord::Kind::kUpdate:
      return "update";
    case DeliveryRecord::Kind::kTrack:
      return "track";
    case DeliveryRecord::Kind::kCall:
      return "call";
    case DeliveryRecord::Kind::kAddToList:
      return "add_to_list";
    case DeliveryRecord::Kind::kRemoveFromList:
      return "remove_from_list";
    case DeliveryRecord::Kind::kSubscribe:
      return "subscribe";
    case DeliveryRecord::Kind::kUnsubscribe:
      return "unsubscribe";
    case DeliveryRecord::Kind::kForward:
      return "forward";
  }
  return {};
}

std::string encode(const DeliveryRecord& record) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.u8(static_cast<std::uint8_t>(record.kind));
  out.fixed64(record.version.high);
  out.fixed64(record.version.low);
  out.string(record.journey);
  out.string(record.subject);
  out.varint(record.enrollment);
  out.varint(record.step_number);
  out.varint(record.occurrence);
  out.varint(record.attempts);
  out.u8(flags_of(record));
  out.signed_varint(record.planned_at.millis);
  if (record.last_chance) out.signed_varint(record.last_chance->millis);
  encode_doubt(record, out);
  if (record.medium) out.u8(static_cast<std::uint8_t>(*record.medium));
  encode_enrollment_then(record, out);
  if (record.kind == DeliveryRecord::Kind::kUpdate) encode_update(record, out);
  if (has_fields(record.kind)) encode_fields(record, out);
  if (record.kind == DeliveryRecord::Kind::kForward) encode_forward(record, out);
  return out.take();
}

base::Result<DeliveryRecord> decode_delivery(std::string_view bytes) {
  base::ByteReader in(bytes);
  DeliveryRecord record;
  const std::uint8_t format = in.u8();
  record.kind = static_cast<DeliveryRecord::Kind>(in.u8());
  record.version.high = in.fixed64();
  record.version.low = in.fixed64();
  record.journey = in.string();
  record.subject = in.string();
  record.enrollment = static_cast<std::uint32_t>(in.varint());
  record.step_number = static_cast<std::uint32_t>(in.varint());
  record.occurrence = static_cast<std::uint32_t>(in.varint());
  record.attempts = static_cast<std::uint32_t>(in.varint());
  const std::uint8_t flags = in.u8();
  record.in_doubt = (flags & kInDoubt) != 0;
  record.sent_again = (flags & kSentAgain) != 0;
  record.planned_at = base::read_instant(in);
  if ((flags & kHasLastChance) != 0) record.last_chance = base::read_instant(in);
  decode_doubt(in, flags, record);
  decode_medium(in, flags, record);
  decode_enrollment_then(in, flags, record);
  if (record.kind == DeliveryRecord::Kind::kUpdate) decode_update(in, record);
  if (has_fields(record.kind)) decode_fields(in, record);
  if (record.kind == DeliveryRecord::Kind::kForward) decode_forward(in, record);
  if (format != kFormat || to_string(record.kind).empty() || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "a stored delivery cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return record;
}

base::Hash128 message_key(std::string_view project, std::string_view journey, store::UserId user,
                          std::uint32_t enrollment, std::string_view step_identity,
                          std::uint32_t occurrence, DeliveryRecord::Kind what) {
  base::ByteWriter out;
  out.string(project);
  out.string(journey);
  out.fixed64(user.packed());
  out.varint(enrollment);
  out.string(step_identity);
  out.varint(occurrence);
  out.u8(static_cast<std::uint8_t>(what));
  return base::stable_hash128(out.bytes());
}

}  // namespace sojourn::runtime
