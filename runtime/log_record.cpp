#include "runtime/log_record.h"

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kFormatWithoutParts = 1;

constexpr std::uint8_t kSamePlace = 1;
constexpr std::uint8_t kUntil = 2;
constexpr std::uint8_t kRule = 4;
constexpr std::uint8_t kValues = 8;
constexpr std::uint8_t kZone = 16;

std::uint8_t parts_of(const LogRecord& record, const LogRecord* before) {
  const bool same = before != nullptr && before->journey == record.journey &&
                    before->enrollment == record.enrollment;
  return static_cast<std::uint8_t>((same ? kSamePlace : 0) | (record.until ? kUntil : 0) |
                                   (record.why.rule.empty() ? 0 : kRule) |
                                   (record.why.values.empty() ? 0 : kValues) |
                                   (record.why.zone ? kZone : 0));
}

void encode(const LogRecord& record, const LogRecord* before, base::Instant first,
            base::ByteWriter& out) {
  const std::uint8_t parts = parts_of(record, before);
  out.u8(static_cast<std::uint8_t>(record.kind));
  out.u8(parts);
  out.signed_varint((record.at - first).count);
  if ((parts & kSamePlace) == 0) {
    out.string(record.journey);
    out.varint(record.enrollment);
  }
  out.string(record.subject);
  out.string(record.detail);
  if (record.until) out.signed_varint((*record.until - record.at).count);
  if ((parts & kRule) != 0) out.string(record.why.rule);
  if ((parts & kValues) != 0) {
    out.varint(record.why.values.size());
    for (const engine::ReadValue& read : record.why.values) {
      out.string(read.what);
      out.string(read.value);
    }
  }
  if (record.why.zone) {
    out.string(record.why.zone->zone);
    out.string(record.why.zone->source);
  }
}

LogRecord decode(base::ByteReader& in, const LogRecord* before, base::Instant first) {
  LogRecord record;
  record.kind = static_cast<LogRecord::Kind>(in.u8());
  const std::uint8_t parts = in.u8();
  record.at = base::read_instant(in, first);
  if ((parts & kSamePlace) == 0) {
    record.journey = in.string();
    record.enrollment = static_cast<std::uint32_t>(in.varint());
  } else if (before != nullptr) {
    record.journey = before->journey;
    record.enrollment = before->enrollment;
  }
  record.subject = in.string();
  record.detail = in.string();
  if ((parts & kUntil) != 0) record.until = base::read_instant(in, record.at);
  if ((parts & kRule) != 0) record.why.rule = in.string();
  const std::size_t values = (parts & kValues) != 0 ? in.count() : 0;
  for (std::size_t i = 0; i < values && in.ok(); ++i) {
    engine::ReadValue& read = record.why.values.emplace_back();
    read.what = in.string();
    read.value = in.string();
  }
  if ((parts & kZone) != 0) {
    engine::ZoneUsed& zone = record.why.zone.emplace();
    zone.zone = in.string();
    zone.source = in.string();
  }
  return record;
}

LogRecord decode_without_parts(base::ByteReader& in, base::Instant first) {
  LogRecord record;
  record.kind = static_cast<LogRecord::Kind>(in.u8());
  record.at = base::read_instant(in, first);
  record.journey = in.string();
  record.enrollment = static_cast<std::uint32_t>(in.varint());
  record.subject = in.string();
  record.detail = in.string();
  return record;
}

tl::unexpected<base::Error> unreadable() {
  return base::failure(base::Error::Kind::kFatal, "a stored log row cannot be read",
                       "the database is damaged or was written by a newer version");
}

}  // namespace

std::string_view to_string(LogRecord::Kind kind) {
  switch (kind) {
    case LogRecord::Kind::kEvent:
      return "event";
    case LogRecord::Kind::kProfile:
      return "profile";
    case LogRecord::Kind::kEntered:
      return "entered";
    case LogRecord::Kind::kRefused:
      return "refused";
    case LogRecord::Kind::kReached:
      return "reached";
    case LogRecord::Kind::kBranch:
      return "branch";
    case LogRecord::Kind::kRungSkipped:
      return "rung_skipped";
    case LogRecord::Kind::kClaimed:
      return "claimed";
    case LogRecord::Kind::kAccepted:
      return "accepted";
    case LogRecord::Kind::kSkipped:
      return "skipped";
    case LogRecord::Kind::kRetried:
      return "retried";
    case LogRecord::Kind::kInDoubt:
      return "in_doubt";
    case LogRecord::Kind::kExited:
      return "exited";
    case LogRecord::Kind::kWaits:
      return "waits";
    case LogRecord::Kind::kMoved:
      return "moved";
    case LogRecord::Kind::kWaitOver:
      return "wait_over";
    case LogRecord::Kind::kRungBegun:
      return "rung_begun";
    case LogRecord::Kind::kEntryUpdated:
      return "entry_updated";
    case LogRecord::Kind::kDeferred:
      return "deferred";
    case LogRecord::Kind::kGoal:
      return "goal";
    case LogRecord::Kind::kCalled:
      return "called";
    case LogRecord::Kind::kAnswered:
      return "answered";
    case LogRecord::Kind::kCallEnded:
      return "call_ended";
    case LogRecord::Kind::kAnsweredLate:
      return "answered_late";
    case LogRecord::Kind::kSentAgain:
      return "sent_again";
    case LogRecord::Kind::kDropped:
      return "dropped";
    case LogRecord::Kind::kLookedUp:
      return "looked_up";
    case LogRecord::Kind::kMerged:
      return "merged";
  }
  return "unknown";
}

std::string encode(const std::vector<LogRecord>& records) {
  base::ByteWriter out;
  const base::Instant first = records.empty() ? base::Instant{} : records.front().at;
  out.u8(kFormat);
  out.signed_varint(first.millis);
  out.varint(records.size());
  const LogRecord* before = nullptr;
  for (const LogRecord& record : records) {
    encode(record, before, first, out);
    before = &record;
  }
  return out.take();
}

base::Result<std::vector<LogRecord>> decode_log(std::string_view bytes) {
  base::ByteReader in(bytes);
  std::vector<LogRecord> records;
  const std::uint8_t format = in.u8();
  const base::Instant first = base::read_instant(in);
  const std::size_t count = in.count();
  const bool known = format == kFormat || format == kFormatWithoutParts;
  for (std::size_t i = 0; known && i < count && in.ok(); ++i) {
    records.push_back(format == kFormat
                          ? decode(in, records.empty() ? nullptr : &records.back(), first)
                          : decode_without_parts(in, first));
  }
  if (!known || !in.ok() || !in.at_end()) return unreadable();
  return records;
}

base::Result<base::Instant> time_of_log(std::string_view bytes) {
  base::ByteReader in(bytes);
  const std::uint8_t format = in.u8();
  const base::Instant first = base::read_instant(in);
  if ((format != kFormat && format != kFormatWithoutParts) || !in.ok()) return unreadable();
  return first;
}

}  // namespace sojourn::runtime
