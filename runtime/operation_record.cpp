#include "runtime/operation_record.h"

#include <utility>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kPaused = 1;
constexpr std::uint8_t kSendingOut = 2;
constexpr std::uint8_t kHasLast = 4;
constexpr std::uint8_t kClockStands = 8;
constexpr std::uint8_t kHasStood = 16;
constexpr std::uint8_t kAllFlags = 31;
constexpr std::uint8_t kTimer = 1;
constexpr std::uint8_t kDelivery = 2;
constexpr std::uint64_t kLastPlace = 1ULL << 62U;

base::Error unreadable(const char* what) {
  return {base::Error::Kind::kFatal, std::string(what) + " cannot be read",
          "the database is damaged or was written by a newer version"};
}

void write_user(base::ByteWriter& out, store::UserId user) {
  out.varint(user.shard);
  out.varint(user.number);
}

store::UserId read_user(base::ByteReader& in) {
  const std::uint64_t shard = in.varint();
  if (shard >= store::kShardCount) in.fail();
  return {static_cast<std::uint16_t>(shard), in.varint()};
}

base::Millis read_length(base::ByteReader& in) {
  const std::uint64_t length = in.varint();
  if (length > static_cast<std::uint64_t>(base::kNever.millis)) in.fail();
  return base::Millis{static_cast<std::int64_t>(length)};
}

Operation read_operation(base::ByteReader& in) {
  Operation operation;
  operation.journey = in.string();
  const std::uint8_t flags = in.u8();
  const std::uint8_t entries = in.u8();
  if (entries > static_cast<std::uint8_t>(Operation::Entries::kStopped)) in.fail();
  operation.entries = static_cast<Operation::Entries>(entries);
  operation.clock_stands = (flags & kClockStands) != 0;
  if (flags > kAllFlags || (operation.clock_stands && (flags & kPaused) == 0)) in.fail();
  if ((flags & kPaused) != 0) operation.paused_at = base::read_instant(in);
  if ((flags & kHasStood) != 0) operation.stood = read_length(in);
  operation.is_sending_out = (flags & kSendingOut) != 0;
  if ((flags & kHasLast) != 0) operation.last_sent_out = read_user(in);
  operation.queue = in.varint();
  operation.first = in.varint();
  operation.next = in.varint();
  if (operation.next < operation.first || operation.next > kLastPlace) in.fail();
  return operation;
}

}  // namespace

std::string encode(const std::vector<Operation>& operations) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.varint(operations.size());
  for (const Operation& operation : operations) {
    out.string(operation.journey);
    out.u8(static_cast<std::uint8_t>(
        (operation.paused_at ? kPaused : 0) | (operation.is_sending_out ? kSendingOut : 0) |
        (operation.last_sent_out ? kHasLast : 0) | (operation.clock_stands ? kClockStands : 0) |
        (operation.stood.count > 0 ? kHasStood : 0)));
    out.u8(static_cast<std::uint8_t>(operation.entries));
    if (operation.paused_at) out.signed_varint(operation.paused_at->millis);
    if (operation.stood.count > 0) out.varint(static_cast<std::uint64_t>(operation.stood.count));
    if (operation.last_sent_out) write_user(out, *operation.last_sent_out);
    out.varint(operation.queue);
    out.varint(operation.first);
    out.varint(operation.next);
  }
  return out.take();
}

base::Result<std::vector<Operation>> decode_operations(std::string_view bytes) {
  base::ByteReader in(bytes);
  std::vector<Operation> operations;
  const std::uint8_t format = in.u8();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) operations.push_back(read_operation(in));
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return tl::unexpected(unreadable("which journeys are paused, drained or stopped"));
  }
  return operations;
}

store::UserId queue_user(std::uint64_t queue) {
  return {0, kFirstQueueUser + queue};
}

store::RowKey held_row(std::uint64_t queue, std::uint64_t place) {
  return {queue_user(queue), store::RowKind::kHeldBack, kLastPlace - place};
}

std::string encode(const HeldBack& held) {
  base::ByteWriter out;
  out.u8(kFormat);
  write_user(out, held.user);
  if (const auto* timer = std::get_if<store::TimerKey>(&held.what)) {
    out.u8(kTimer);
    out.signed_varint(timer->due.millis);
    out.varint(timer->enrollment);
  } else {
    const auto& key = std::get<base::Hash128>(held.what);
    out.u8(kDelivery);
    out.fixed64(key.high);
    out.fixed64(key.low);
  }
  return out.take();
}

base::Result<HeldBack> decode_held(std::string_view bytes) {
  base::ByteReader in(bytes);
  HeldBack held;
  const std::uint8_t format = in.u8();
  held.user = read_user(in);
  const std::uint8_t kind = in.u8();
  if (kind == kTimer) {
    store::TimerKey timer{held.user, base::read_instant(in), 0};
    timer.enrollment = static_cast<std::uint32_t>(in.varint());
    held.what = timer;
  } else if (kind == kDelivery) {
    base::Hash128 key;
    key.high = in.fixed64();
    key.low = in.fixed64();
    held.what = key;
  } else {
    in.fail();
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return tl::unexpected(unreadable("what is held back of a journey"));
  }
  return held;
}

std::string encode(const AuditLine& line) {
  base::ByteWriter out;
  out.u8(kFormat);
  out.signed_varint(line.at.millis);
  for (const std::string* text : {&line.by, &line.command, &line.journey, &line.detail}) {
    out.string(*text);
  }
  return out.take();
}

base::Result<AuditLine> decode_audit(std::string_view bytes) {
  base::ByteReader in(bytes);
  AuditLine line;
  const std::uint8_t format = in.u8();
  line.at = base::read_instant(in);
  for (std::string* text : {&line.by, &line.command, &line.journey, &line.detail}) {
    *text = in.string();
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return tl::unexpected(unreadable("a line of the log of commands"));
  }
  return line;
}

}  // namespace sojourn::runtime
