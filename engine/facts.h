// Everything `advance` may look at beside the graph and the enrollment. Nothing
// here is owned; it lives for the one call.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "calendar/zone.h"
#include "graph/value.h"

namespace sojourn::graph {
struct MessageType;
}

namespace sojourn::engine {

// An event of this user, as it arrived.
struct EventFact {
  std::uint64_t number = 0;  // per user, growing in order of arrival
  std::string name;          // as declared, not the wire name
  base::Instant created_at;  // when it happened, by its sender
  base::Instant arrived_at;  // when it was taken
  std::vector<graph::Field> fields;
};

// The profile, read by field name; built-in fields (`email`, `userId`, …) included.
class ProfileView {
 public:
  virtual ~ProfileView() = default;
  // The missing value when not known; a declared fallback is applied here.
  virtual const graph::Value& field(std::string_view name) const = 0;
  // What `name` reads as once it is cleared: its declared fallback, if it has one.
  virtual graph::Value cleared(std::string_view /*name*/) const { return {}; }
};

// What the user belongs to (language 6, membership).
class MembershipView {
 public:
  virtual ~MembershipView() = default;
  // As declared, with its id here; null when it is not declared.
  virtual const graph::MessageType* message_type(std::string_view name) const = 0;
  virtual bool in_list(std::string_view list) const = 0;
  // An enrollment in the journey goes on, or begins in this very turn.
  virtual bool in_journey(std::string_view journey) const = 0;
  // When an enrollment in the journey last ended, for `reason` unless that is empty.
  virtual std::optional<base::Instant> left_at(std::string_view journey,
                                               std::string_view reason) const = 0;
};

// The arm of a split that was decided elsewhere than by the hash.
struct AssignedArm {
  std::string split;
  std::string arm;
};

// The clock of a journey, which an operator may have frozen.
struct FrozenClock {
  base::Millis stood;   // for how long in all, until now; never less than before
  bool stands = false;  // and still does
};

struct Facts {
  const ProfileView& profile;
  // Kept events, in order of `number`, the one at hand included.
  std::span<const EventFact> history;
  calendar::ZoneSource& zones;
  std::span<const AssignedArm> assigned = {};
  // Nobody is held out but by an assigned arm: so it is in tests.
  bool only_assigned_held_out = false;
  // Null: the user belongs to nothing.
  const MembershipView* memberships = nullptr;
  // Of the journey's splits that have been decided, the arms that won (engine/experiment.h).
  std::span<const AssignedArm> decided = {};
  // Of `enter`: an earlier enrollment of the user in the journey may have been counted by the
  // measure of a split, and nobody counts twice.
  bool counted_before = false;
  // What is decided comes with its reasons (engine/decision.h). Of no influence on anything else.
  bool explains = false;
  FrozenClock clock = {};
};

}  // namespace sojourn::engine
