// What is kept of a user beside the enrollments: who they are outside, their
// profile, and the counters that number their rows. Row kind kHead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "graph/value.h"

namespace sojourn::runtime {

// One profile value and where it came from. A value that was cleared stays as a missing one,
// since that may be news to Iterable.
struct ProfileField {
  // kSubscription: a journey's, too, but Iterable is told by a call of its own and not by
  // an update of the profile.
  enum class Source : std::uint8_t { kIntake = 1, kJourney = 2, kSubscription = 3 };

  std::string name;
  graph::Value value;
  Source source = Source::kIntake;
  base::Instant at;  // when it was set
  // When Iterable accepted it; only for kJourney. A send before that, and for 60 s
  // after, carries the value itself (Iterable applies profile updates later).
  std::optional<base::Instant> accepted_at;
  friend bool operator==(const ProfileField&, const ProfileField&) = default;
};

struct UserHead {
  std::optional<std::string> email;  // lower case
  std::optional<std::string> user_id;
  std::uint32_t next_enrollment = 1;
  std::uint64_t next_event = 1;
  std::vector<ProfileField> fields;  // sorted by name
  std::vector<std::string> lists;    // those the user is on, by declared name, sorted

  const ProfileField* find(std::string_view name) const;
  // Sets or replaces; returns whether the value differs from the one before. A value that is
  // there already stays as it came: nobody is told of it again, so nobody will accept it again.
  bool set(ProfileField field);
  // Of a value that a journey set at `set_by` or before: Iterable took it at `at`. Returns
  // whether there is one.
  bool mark_accepted(std::string_view name, base::Instant set_by, base::Instant at);
  bool is_on(std::string_view list) const;
  // Puts the user on a list or takes them off. Returns whether that changes anything.
  bool set_on(std::string_view list, bool on);
  friend bool operator==(const UserHead&, const UserHead&) = default;
};

// Is it one of the fields that keep what was said of consent?
bool keeps_consent(std::string_view field);
// Under one name, and nothing but what was said of consent.
bool has_only_consent(const UserHead& head);
// Was anything said of them but consent? Until then events for many do not find them. Stays so
// (UserState::appear).
bool has_appeared(const UserHead& head);

// Format: u8 version (2), u8 flags (1 email, 2 user id), the strings flagged,
// varint next_enrollment, varint next_event, varint count, then for each field:
// string name, value, u8 source (bit 7: accepted_at follows), signed varint `at`
// in milliseconds, [signed varint accepted_at - at]; then varint count and the names
// of the lists.
std::string encode(const UserHead& head);
base::Result<UserHead> decode_user_head(std::string_view bytes);

}  // namespace sojourn::runtime
