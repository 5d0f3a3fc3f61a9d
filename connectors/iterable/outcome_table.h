// What Iterable's answer, or its absence, means for a delivery: one table, read
// from the top, first row that fits. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "connectors/attempt.h"
#include "connectors/outcome.h"

namespace sojourn::connectors::iterable {

// What a repeat would do there.
enum class Endpoint : std::uint8_t {
  // Each call that is taken counts: */target is a message, triggerWorkflow a journey begun; users
  // are merged, and an email changed, only once.
  kSend = 1,
  // A repeat changes nothing: users/update, subscriptions, events and purchases with an id, carts,
  // catalog items.
  kRepeat = 2,
  // As kRepeat; a call that was taken says in its body whether the user was.
  kJoinList = 4,
  kLeaveList = 8,  // who is not there, or unknown, has left
  // As kRepeat; what is not there has gone: */cancel, users deleted or forgotten, catalog items
  // deleted.
  kTakeAway = 16,
};

// What the provider can know already.
enum class Lag : std::uint8_t {
  kNone,
  // An update of this user was taken less than 60 s ago: Iterable may not know
  // the user yet, so "unknown user" is no verdict.
  kJustUpdated,
};

Outcome decide(Endpoint endpoint, const Attempt& attempt, Lag lag = Lag::kNone);

// Of an item that a bulk call, itself taken, refused: what `code` would have meant for a call about
// it alone.
Outcome decide_item(std::string_view code, Lag lag = Lag::kNone);

// One line of the table; open to its test, which checks that no row is hidden by
// those above it.
struct OutcomeRow {
  std::uint8_t endpoints;  // bits of Endpoint
  int first_status;        // inclusive; kNothingSent and kNoAnswer stand for failures
  int last_status;
  std::string_view code;  // Iterable's; empty: any or none; `*`: any, but not none
  bool only_just_updated;
  OutcomeKind kind;
  std::string_view reason;
  bool unreachable;
};
inline constexpr int kNothingSent = -2;
inline constexpr int kNoAnswer = -1;
std::span<const OutcomeRow> outcome_table();

}  // namespace sojourn::connectors::iterable
