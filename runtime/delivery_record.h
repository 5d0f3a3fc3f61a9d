// A delivery as the outbox keeps it: what is to leave, for whom, and how often
// it was tried. The request itself is made when it is claimed, from what holds
// then, so nothing stale is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"
#include "graph/catalog.h"
#include "graph/value.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// What is not known about a message: answers that never came.
struct Doubt {
  base::Instant from;          // when the first of its attempts in question began
  std::uint32_t attempts = 0;  // whose answer never came
  std::uint32_t look_ups = 0;  // of the last of them, that said nothing
  friend bool operator==(const Doubt&, const Doubt&) = default;
};

// The enrollment that a message belongs to, as it was when the message ended unsent: what it says
// can still be made of it once the journey was completed.
struct EnrollmentThen {
  base::Instant at;
  base::Hash128 unit;
  std::string body;  // engine::encode
  friend bool operator==(const EnrollmentThen&, const EnrollmentThen&) = default;
};

struct DeliveryRecord {
  // Stored as numbers: never renumber.
  enum class Kind : std::uint8_t {
    kMessage = 1,  // a send step's message
    kUpdate = 2,   // profile fields `names`, with the values of the moment it leaves
    kTrack = 3,    // event `subject` with `fields`
    kCall = 4,     // webhook `subject` is asked with `fields`
    // List `subject`; message type `subject`.
    kAddToList = 5,
    kRemoveFromList = 6,
    kSubscribe = 7,
    kUnsubscribe = 8,
    // A sender's own request to Iterable, to be passed on: `subject` is its path. Or an opt-out
    // that was said before its person appeared: its path but for the person's name. Of no journey.
    kForward = 9,
  };
  Kind kind = Kind::kMessage;
  base::Hash128 version;
  std::string journey;
  std::string
      subject;  // the campaign, declared event, webhook, list, message type or path, or empty
  std::uint32_t enrollment = 0;
  std::uint32_t step_number = 0;
  std::uint32_t occurrence = 1;
  std::uint32_t attempts = 0;  // begun so far
  bool in_doubt = false;       // an earlier attempt's answer never came
  bool sent_again = false;     // it had ended unsent, and an operator wants it sent after all
  base::Instant planned_at;
  // Of a message that was claimed: until when it may leave, as it was then.
  std::optional<base::Instant> last_chance;
  std::optional<base::Instant> claimed_at;  // of a message: when its last attempt began
  // The same: what it was claimed as, whatever its campaign is by now.
  std::optional<graph::Medium> medium;
  std::optional<Doubt> doubt;
  // It waits until it is looked up, or is being looked up; not to be sent meanwhile. Only with
  // a doubt.
  bool parked = false;
  std::optional<EnrollmentThen> enrollment_then;  // of a message that had ended unsent
  std::vector<std::string> names;
  std::vector<graph::Field> fields;
  // Of kForward: the request's body, JSON, or the name that ends its path; and its place among
  // those of its user, which leave one after another: the number of the commit that planned it, and
  // its number within that.
  std::string body;
  std::uint64_t planned_by = 0;
  std::uint32_t place = 0;
  friend bool operator==(const DeliveryRecord&, const DeliveryRecord&) = default;
};

std::string_view to_string(DeliveryRecord::Kind kind);

// Format: u8 version (1), u8 kind, 16 bytes graph version, strings journey and
// subject, varints enrollment, step_number, occurrence, attempts, u8 flags (1 in doubt, 2 sent
// again, 4 a last chance follows, 8 a claim, 16 a doubt, 32 parked, 64 a medium, 128 an enrollment
// then), signed varint planned_at, with flag 4 signed varint last_chance, with flag 8 signed varint
// claimed_at, with flag 16 signed varint from, varints attempts and look_ups of the doubt, with
// flag 64 u8 medium, with flag 128 signed varint at, 16 bytes unit, string body, then for kUpdate
// varint count and strings, for kTrack and kCall varint count and (string, value) pairs, for
// kForward varints planned_by and place, string body.
std::string encode(const DeliveryRecord& record);
base::Result<DeliveryRecord> decode_delivery(std::string_view bytes);

// One message, one key: made of what never changes about it, so that retries,
// restarts, upgrades and edits of the journey keep it. `what` tells apart the
// several deliveries that one step can cause.
base::Hash128 message_key(std::string_view project, std::string_view journey, store::UserId user,
                          std::uint32_t enrollment, std::string_view step_identity,
                          std::uint32_t occurrence, DeliveryRecord::Kind what);

}  // namespace sojourn::runtime
