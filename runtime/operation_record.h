// What an operator has said of a journey, what is held back of it, and who said what: rows
// of users that nobody is. Plain values and their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// A delivery that is held back is planned for then; its place in the queue says when it is
// looked at again. A place stays until its turn, whatever becomes of the delivery meanwhile. One
// that ended and was sent again by an operator can be held back a second time: it has two places
// then, leaves by the first, and the second is void.
inline constexpr base::Instant kHeldBack = base::kNever;

// A journey about which an operator has said something that still matters.
struct Operation {
  // Stored as numbers: never renumber.
  enum class Entries : std::uint8_t { kOpen = 0, kDraining = 1, kStopped = 2 };

  std::string journey;
  std::optional<base::Instant> paused_at;
  // Paused with its clock frozen; and how long it has been so before, in all. Kept for good:
  // enrollments count from it.
  bool clock_stands = false;
  base::Millis stood;
  Entries entries = Entries::kOpen;
  // While people are still to be sent out: the last user who was looked at.
  bool is_sending_out = false;
  std::optional<store::UserId> last_sent_out;
  // Its queue of what is held back: a number that no other journey's has, and the places
  // [first, next) that are taken. They are given and freed in order.
  std::uint64_t queue = 0;
  std::uint64_t first = 0;
  std::uint64_t next = 0;

  std::uint64_t held() const { return next - first; }
  // Nothing is to be kept of it.
  bool is_ordinary() const {
    return !paused_at && entries == Entries::kOpen && held() == 0 && stood.count == 0;
  }
  friend bool operator==(const Operation&, const Operation&) = default;
};

// Format: u8 version (1), varint count, then for each: string journey, u8 flags (1 paused,
// 2 sending out, 4 last, 8 clock stands, 16 stood), u8 entries, [signed varint paused_at],
// [varint milliseconds stood], [varint shard, varint number], varints queue, first, next.
std::string encode(const std::vector<Operation>& operations);
base::Result<std::vector<Operation>> decode_operations(std::string_view bytes);

// Something that was due while its journey was paused: the timer of an enrollment, or a
// delivery.
struct HeldBack {
  store::UserId user;
  std::variant<store::TimerKey, base::Hash128> what;  // or the message key
  friend bool operator==(const HeldBack&, const HeldBack&) = default;
};

// Of shard 0. Numbers of people are counted from 1 and never come near.
inline constexpr std::uint64_t kFirstQueueUser = 1ULL << 47U;

// Where place `place` of queue `queue` is stored. Earlier places have greater numbers,
// because a store gives the greatest numbers of a user first.
store::UserId queue_user(std::uint64_t queue);
store::RowKey held_row(std::uint64_t queue, std::uint64_t place);

// Format: u8 version (1), varint shard, varint number, u8 kind (1 timer, 2 delivery), then
// of a timer: signed varint due, varint enrollment; of a delivery: fixed64 high, fixed64
// low of the message key.
std::string encode(const HeldBack& held);
base::Result<HeldBack> decode_held(std::string_view bytes);

// A command that was carried out.
struct AuditLine {
  base::Instant at;
  std::string by;  // as the caller gives it
  std::string command;
  std::string journey;
  std::string detail;
  friend bool operator==(const AuditLine&, const AuditLine&) = default;
};

// Format: u8 version (1), signed varint at, strings by, command, journey, detail.
std::string encode(const AuditLine& line);
base::Result<AuditLine> decode_audit(std::string_view bytes);

}  // namespace sojourn::runtime
