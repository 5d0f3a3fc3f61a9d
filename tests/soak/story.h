// A person's log in the daemon's store, as the soak's journey reads it: what was planned for them
// and what became of it, what of consent came when, which way they went. A value; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "tests/soak/person.h"

namespace sojourn::soak {

// A message that a step wanted. The log names its key once it is claimed.
struct PlannedMessage {
  std::string campaign;
  std::string key;             // empty: it was never claimed
  bool has_other_key = false;  // it was claimed under more than one
  std::uint32_t claims = 0;
  std::uint32_t accepted = 0;
  std::uint32_t in_doubt = 0;  // attempts whose answer never came
  std::uint32_t ended_unsent = 0;
  std::string reason;                       // of the last of these
  std::optional<base::Instant> claimed_at;  // the last claim
  bool claimed_after_opt_out = false;       // in the order of the log
  bool ended_after_opt_out = false;         // unsent, after consent had been taken back
};

// A wait that has ended.
struct EndedWait {
  base::Instant until;  // it may not end before by itself
  base::Instant at;
  bool by_itself = true;  // not by an event
};

struct Story {
  std::uint32_t events = 0;  // that begin the journey
  std::uint32_t entered = 0;
  std::uint32_t exited = 0;
  std::string reason;  // of the last exit
  std::vector<PlannedMessage> messages;
  std::vector<EndedWait> waits;
  std::optional<base::Instant> opened_at;     // when the wait for an opening ended
  std::optional<base::Instant> timed_out_at;  // either of the two
  // Engagements that were worked in: "opened first", as often as they were.
  std::vector<std::string> engagements;
  // When the log first has an opt-out or a suppression.
  std::optional<base::Instant> opted_out_at;

  const PlannedMessage* find(std::string_view campaign) const;
};

Story story_of(const DaemonPerson& person);

}  // namespace sojourn::soak
