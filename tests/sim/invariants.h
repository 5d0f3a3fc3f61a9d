// What must be so after every turn, by name, and the finding that it is not. Values.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sojourn::sim {

enum class Invariant : std::uint8_t {
  kAcknowledgedKept,    // what a sender was told is taken is in the store, from then on
  kTakenOnce,           // an event's id is taken once
  kNoHalfTransaction,   // after a crash the store is as before the last commit, or as after it
  kOneFinalState,       // each planned message waits, was accepted or was skipped: one of them
  kAcceptedOnce,        // per key the provider accepts one, and one more for each answer lost
  kAtMostOnce,          // with `at_most_once` nothing follows an attempt that may have arrived
  kNoTimerEarly,        // no wait is over before it is due
  kOnePlace,            // an enrollment is live once, or over; and is counted where it is
  kStickyArms,          // who comes to a split again goes the way they went
  kNothingAfter,        // nothing is claimed after a committed exit, opt-out or erasure
  kInDoubtWithinLimit,  // claims without an outcome are at most `max_in_doubt`
  kEverybodyWaits,      // whoever is inside has a timer, a row in the outbox, or is held back
  kRests,               // turns without anything to do do not follow each other without end
  kComesToAnEnd,        // once nothing fails any more, everything ends
  kForwardsKept,        // what was taken and is to go on does, until it is taken or refused there
  kForwardsOnce,        // it is taken there once, and once more for each answer lost
  kForwardsInOrder,     // of one person the next does not leave before the one before has ended
  kForwardsAddUp,       // what was to go on waits, or is counted as ended
  kNothingOfErased,     // after an erasure nothing about them leaves but the erasing call
  kReachesEach,         // an event for many reaches each whom it was for when it was committed
  kReachesOnce,         // and each of them once, and nobody else
  kFanOutWhole,         // it has those of its parts that are not handed out, and goes with the last
  kFanOutWithinLimit,   // people who are still to get one are at most `max_fan_out_waiting`
  kToldNotSentAgain,    // what a notice told was sent is not sent again
};
inline constexpr std::size_t kInvariants = 24;
std::string_view to_string(Invariant invariant);

struct Violation {
  Invariant invariant = Invariant::kAcknowledgedKept;
  std::string what;  // whom it is about, and how it is broken
};
using Found = std::function<void(Violation)>;

}  // namespace sojourn::sim
