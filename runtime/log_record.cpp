#include "runtime/log_record.h"

#include "base/bytes.h"

namespace sojourn::runtime {
namespace {
constexpr std::uint8_t kFormat = 1;
}

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
  }
  return "unknown";
}

std::string encode(const std::vector<LogRecord>& records) {
  base::ByteWriter out;
  const base::Instant first = records.empty() ? base::Instant{} : records.front().at;
  out.u8(kFormat);
  out.signed_varint(first.millis);
  out.varint(records.size());
  for (const LogRecord& record : records) {
    out.u8(static_cast<std::uint8_t>(record.kind));
    out.signed_varint((record.at - first).count);
    out.string(record.journey);
    out.varint(record.enrollment);
    out.string(record.subject);
    out.string(record.detail);
  }
  return out.take();
}

base::Result<std::vector<LogRecord>> decode_log(std::string_view bytes) {
  base::ByteReader in(bytes);
  std::vector<LogRecord> records;
  const std::uint8_t format = in.u8();
  const base::Instant first{in.signed_varint()};
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    LogRecord record;
    record.kind = static_cast<LogRecord::Kind>(in.u8());
    record.at = first + base::Millis{in.signed_varint()};
    record.journey = in.string();
    record.enrollment = static_cast<std::uint32_t>(in.varint());
    record.subject = in.string();
    record.detail = in.string();
    records.push_back(std::move(record));
  }
  if (format != kFormat || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "a stored log row cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return records;
}

}  // namespace sojourn::runtime
