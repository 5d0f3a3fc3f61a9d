// Faults planted on purpose, one for each invariant, so that a test can show that it is noticed.
// Only the test binary can ask for one (planted_faults.cpp); elsewhere there are none.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/instant.h"
#include "runtime/dispatcher.h"
#include "runtime/intake.h"
#include "runtime/store/store.h"

namespace sojourn::sim {

enum class Plant : std::uint8_t {
  kNone,
  kAnswersFirst,    // a store that says that it has committed before it does
  kForgetsIds,      // a store that loses the ids of events
  kSplitsCommits,   // a store that makes two transactions of a commit
  kKeepsEnded,      // a store that keeps a message that has ended in the outbox
  kSendsTwice,      // a transport that sends a request once more
  kTriesAgain,      // a transport that sends again by itself when no answer came
  kClockAhead,      // a clock that shows two minutes too many
  kKeepsLeavers,    // a store that keeps the enrollment of who has left
  kForgetsArms,     // a split that goes another way in every process
  kForgetsOptOuts,  // a store that reads profiles without their opt-outs
  kClaimsTooMany,   // a shard with more room than is configured
  kLosesTimers,     // a store that loses a timer now and then
  kSaysTooSoon,     // a store that says that what waits to leave is due sooner than it is
  kLosesOutcomes,   // a mailbox that loses an outcome now and then
  kSaysTaken,       // a transport that says now and then that a sender's call was taken
  kPassesOnTwice,   // a transport that sends a sender's call once more
  kHidesClaims,     // a store that does not list of a user what is under way
  kMiscounts,       // a store that loses what it is to count of calls that wait
  kKeepsErased,     // a store that keeps what waits to go on about whom it erases
  kOverlooksUsers,  // a store whose index of a field lacks somebody
  kHandsOverTwice,  // a mailbox that has events for many twice, once without their ids
  kKeepsHandedOut,  // a store that keeps an event for many when its last part is gone
  kLosesKeys,       // a receiver of notices that does not read of which message they are
  kLetsTooManyIn,   // a shard where more people may wait for events than is configured
};
inline constexpr int kPlants = 25;

// What stands in place of the store; without a plant, itself.
std::unique_ptr<store::Store> planted_store(Plant plant, std::unique_ptr<store::Store> store);
// What stands before the transport; null: nothing.
std::unique_ptr<runtime::Transport> planted_transport(Plant plant, runtime::Transport& transport);
// How far a planted clock is ahead.
base::Millis planted_haste(Plant plant);
std::uint32_t planted_room(Plant plant);
std::size_t planted_waiting_room(Plant plant);
// What a mailbox is given beside the request.
std::optional<runtime::IntakeRequest> planted_copy(Plant plant,
                                                   const runtime::IntakeRequest& request);
bool loses_keys(Plant plant);
bool loses_outcome(Plant plant, std::uint64_t number);
// A process begins: what is planted in it may differ from the last.
void planted_process(Plant plant, std::uint64_t number);

}  // namespace sojourn::sim
