#include "runtime/journey_clocks.h"

#include "engine/freeze.h"
#include "runtime/operation_book.h"
#include "runtime/program.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

engine::FrozenClock JourneyClocks::of(const Seat& seat) const {
  return operations.clock(seat.journey->graph.journey, now);
}

engine::Enrollment JourneyClocks::enrollment_now(const UserState& user, const Seat& seat) const {
  engine::Facts facts = user.facts(zones);
  facts.clock = of(seat);
  return engine::with_clock_followed(seat.journey->graph, seat.enrollment, facts, now);
}

}  // namespace sojourn::runtime
