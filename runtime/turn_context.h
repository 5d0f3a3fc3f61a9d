// What a turn works with, and where it gathers what it did.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "connectors/only_to.h"
#include "connectors/recipient.h"
#include "runtime/claimed_deliveries.h"
#include "runtime/log_record.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"
#include "runtime/string_map.h"

namespace sojourn::base {
class Random;
}
namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::runtime {

class CallWindow;
class Census;
class ChangesUnderWay;
class DeadLetterBook;
class DoubtBook;
class ErasureLedger;
class FanOutBook;
class ForgottenNames;
class LastLived;
class MovedClaims;
class LeavingQueues;
class Histogram;
class OperationBook;
class OutboxWindow;
class OverdueGate;
class PaceBook;
class Program;
class ReleaseGate;
class Retention;
class SplitBook;
class TombstoneBook;
class UserCache;

struct TurnSettings {
  // Due timers taken in one turn: what comes meanwhile waits for its end, and an answer to an
  // event may wait for two turns.
  std::size_t max_timers = 250;
  std::size_t max_census = 200;        // users looked at because of new rules (census.h)
  std::size_t max_deliveries = 1'000;  // planned deliveries looked at in one turn
  // After an outcome that only an operator can mend (a refused key), nothing
  // leaves for this long.
  base::Millis halt_pause = base::minutes(1);
  // How long after Iterable took a profile update a send carries the fields itself.
  base::Millis carry_for = base::seconds(60);
  // How long after an answer did not come Iterable is asked whether it has the message: it
  // may take that long to list it. 0: never asked.
  base::Millis look_up_after;
  // How long after its last attempt a message that nobody tells of is believed not to have been
  // taken: a list may lag, and so may notices. Until then it is looked up again.
  base::Millis absent_after;
  // Iterable tells of messages (notices), also by media of which it lists nothing.
  bool has_notices = false;
  // So many times, if no answer says anything.
  std::uint32_t max_look_ups = 5;
  // How long an endpoint claims nothing when no more of its messages may wait for a look-up.
  base::Millis parked_full_pause = base::seconds(30);
  // What somebody opted out of before they appeared goes on to Iterable.
  bool pass_on_opt_outs = false;
  connectors::OnlyTo only_to;
  // By which names people are addressed.
  connectors::ProjectIdentity identity = connectors::ProjectIdentity::kEmail;
  // Events that one input may cause (`track`); the rest is refused and noted.
  std::size_t max_caused_events = 64;
  // Users who get an event `for users` in one turn, and those who may wait for one.
  std::size_t max_fan_out_users = 500;
  std::size_t max_fan_out_waiting = 1'000'000;
  // Units that one split `by` a value counts; those who come later are not counted.
  std::size_t max_split_units = 1'000'000;
  // Of what was held back of a paused journey, once it goes on.
  std::uint32_t release_per_second = 200;
  // Users looked at in one turn because a journey was stopped.
  std::size_t max_sent_out = 200;
  // Deliveries that one turn takes up again, or drops, for an operator.
  std::size_t max_ordered_letters = 500;
  // Users looked at in one turn for what nothing reads of them any more (retention.h).
  std::size_t max_retention = 4;
  // The same, where there is nothing else to do.
  std::size_t max_idle_retention = 100;
  // Where erasures are noted before they are committed; null: nowhere. Outlives the shard.
  ErasureLedger* ledger = nullptr;
};

// All of it outlives the turn.
struct TurnContext {
  const Program& program;
  const TurnSettings& settings;
  store::Store& store;
  calendar::ZoneSource& zones;
  base::Random& random;
  OutboxWindow& window;
  ClaimedDeliveries& claimed;
  UserCache& users;
  PaceBook& paces;
  CallWindow& calls;
  FanOutBook& fan_outs;
  Census& census;
  SplitBook& splits;
  OperationBook& operations;
  DeadLetterBook& letters;
  Retention& retention;
  DoubtBook& doubts;
  LastLived& lived;
  OverdueGate& overdue;
  Histogram& lateness;  // of the timers that are taken
  ReleaseGate& releases;
  TombstoneBook& tombstones;
  MovedClaims& moved_claims;
  ChangesUnderWay& changes;
  ForgottenNames& forgotten;
  LeavingQueues& leaving;
  const bool& is_still;  // nobody moves by time alone: the store is held
};

// The commit and the output of one turn in the making.
struct TurnRecord {
  explicit TurnRecord(base::Instant at) : now(at) {}

  void count(std::string_view name, std::int64_t delta = 1) {
    const auto found = counts.find(name);
    if (found != counts.end()) {
      found->second += delta;
    } else {
      counts.emplace(std::string(name), delta);
    }
  }

  // When something happened that was told of just now: not later than that, whatever the clock of
  // its sender shows.
  base::Instant happened_at(std::optional<base::Instant> said) const {
    return std::min(said.value_or(now), now);
  }

  const base::Instant now;
  StringMap<std::int64_t> counts;
  store::Commit commit;
  TurnOutput output;
};

}  // namespace sojourn::runtime
