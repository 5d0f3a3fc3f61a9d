// A delivery that ended unsent although it was tried: what it was, how it ended, and
// what was answered. Kept so that an operator can find it, mend its cause, and have it
// sent again. Calls have none: nobody waits for their answer any more. A value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/delivery_order.h"
#include "runtime/delivery_record.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// Of the provider's answer so many bytes are kept.
inline constexpr std::size_t kMaxKeptAnswerBytes = 200;

struct DeadLetter {
  store::DeliveryKey key;
  DeliveryRecord record;
  DeliveryState state = DeliveryState::kRefused;  // kRefused, kLate or kInDoubt
  base::Instant since;
  std::string reason;  // a stable word: see docs/iterable.md
  std::string answer;  // status and words; at most kMaxKeptAnswerBytes, valid UTF-8
  friend bool operator==(const DeadLetter&, const DeadLetter&) = default;
};

// The first kMaxKeptAnswerBytes of a text in UTF-8, or fewer, so that no character is cut.
std::string kept_answer(std::string_view text);

// Until when it may leave. Without a last chance of its own it is given up
// `default_deadline` after it was planned.
base::Instant last_chance(const DeliveryRecord& record, base::Millis default_deadline);
// Why it cannot be sent again at `now`, in a stable word; empty when it may be.
std::string_view hindrance(const DeadLetter& letter, base::Instant now,
                           base::Millis default_deadline);

// Format: u8 version (1), 8 bytes user, 16 bytes message key, u8 state, signed varint
// since, strings reason and answer, string delivery record.
std::string encode(const DeadLetter& letter);
base::Result<DeadLetter> decode_dead_letter(std::string_view bytes);

}  // namespace sojourn::runtime
