#include "tests/sim/invariants.h"

namespace sojourn::sim {

std::string_view to_string(Invariant invariant) {
  switch (invariant) {
    case Invariant::kAcknowledgedKept:
      return "acknowledged_kept";
    case Invariant::kTakenOnce:
      return "taken_once";
    case Invariant::kNoHalfTransaction:
      return "no_half_transaction";
    case Invariant::kOneFinalState:
      return "one_final_state";
    case Invariant::kAcceptedOnce:
      return "accepted_once";
    case Invariant::kAtMostOnce:
      return "at_most_once";
    case Invariant::kNoTimerEarly:
      return "no_timer_early";
    case Invariant::kOnePlace:
      return "one_place";
    case Invariant::kStickyArms:
      return "sticky_arms";
    case Invariant::kNothingAfter:
      return "nothing_after";
    case Invariant::kInDoubtWithinLimit:
      return "in_doubt_within_limit";
    case Invariant::kEverybodyWaits:
      return "everybody_waits";
    case Invariant::kRests:
      return "rests";
    case Invariant::kComesToAnEnd:
      return "comes_to_an_end";
    case Invariant::kForwardsKept:
      return "forwards_kept";
    case Invariant::kForwardsOnce:
      return "forwards_once";
    case Invariant::kForwardsInOrder:
      return "forwards_in_order";
    case Invariant::kForwardsAddUp:
      return "forwards_add_up";
    case Invariant::kNothingOfErased:
      return "nothing_of_erased";
    case Invariant::kReachesEach:
      return "reaches_each";
    case Invariant::kReachesOnce:
      return "reaches_once";
    case Invariant::kFanOutWhole:
      return "fan_out_whole";
    case Invariant::kFanOutWithinLimit:
      return "fan_out_within_limit";
    case Invariant::kToldNotSentAgain:
      return "told_not_sent_again";
  }
  return "";
}

}  // namespace sojourn::sim
