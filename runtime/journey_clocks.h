// The clocks of journeys at one moment, for those who only look: what an enrollment waits for
// now that the clock of its journey has stood, also if nobody has touched it since. Made for
// one question, on the shard's thread.
#pragma once

#include "base/instant.h"
#include "calendar/zone.h"
#include "engine/enrollment.h"
#include "engine/facts.h"

namespace sojourn::runtime {

class OperationBook;
class UserState;
struct Seat;

struct JourneyClocks {
  const OperationBook& operations;
  calendar::ZoneSource& zones;
  base::Instant now;

  engine::FrozenClock of(const Seat& seat) const;
  engine::Enrollment enrollment_now(const UserState& user, const Seat& seat) const;
};

}  // namespace sojourn::runtime
