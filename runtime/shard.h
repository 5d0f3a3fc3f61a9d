// Runs the users of one database file, turn by turn. Not thread-safe: whoever
// owns it calls it from one thread (ShardThread in the daemon, the test or the
// simulator elsewhere). It reads no clock: every turn is given its `now`.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runtime/call_window.h"
#include "runtime/census.h"
#include "runtime/changes_under_way.h"
#include "runtime/commit_order.h"
#include "runtime/dead_letter_book.h"
#include "runtime/doubt_book.h"
#include "runtime/endpoint_budgets.h"
#include "runtime/erasure_replay.h"
#include "runtime/fan_out_book.h"
#include "runtime/forgotten_names.h"
#include "runtime/last_lived.h"
#include "runtime/leaving_names.h"
#include "runtime/log_keeper.h"
#include "runtime/moved_claims.h"
#include "runtime/operation_book.h"
#include "runtime/outbox_window.h"
#include "runtime/overdue_gate.h"
#include "runtime/pace_book.h"
#include "runtime/release_gate.h"
#include "runtime/retention.h"
#include "runtime/shard_gauges.h"
#include "runtime/shard_input.h"
#include "runtime/split_book.h"
#include "runtime/tombstone_book.h"
#include "runtime/turn_context.h"
#include "runtime/user_cache.h"
#include "runtime/washing.h"

namespace sojourn::base {
class Clock;
}

namespace sojourn::runtime {

class Turn;

struct ShardSettings {
  TurnSettings turn;
  // Items of intake taken in one turn, so one commit; a request is never divided.
  std::size_t max_items_per_turn = 1'000;
  // Claimed and without a recorded outcome, per endpoint.
  std::uint32_t max_in_doubt = 256;
  // Messages whose answer never came and that wait for a look-up, per endpoint; what is
  // claimed counts too, since it may come to that. Not less than max_in_doubt.
  std::uint32_t max_parked = 4'096;
  // How fast each endpoint may be asked.
  EndpointBudgets budgets;
  // Claimed and without a recorded outcome, per host of webhooks.
  std::uint32_t max_calls_in_doubt = 16;
  // Deliveries that ended unsent and are kept for the operator.
  DeadLetterLimits dead_letters;
  // A timer that is late by more is overdue, and so many of those are taken in a second.
  base::Millis overdue_after = base::seconds(60);
  std::uint32_t overdue_per_second = 10'000;
  // They are counted no further: ten million keys from a slow disk take a minute.
  std::size_t overdue_counted = 1'000'000;
  // Of people whose messages a rule has put off until one moment.
  std::uint32_t put_off_per_second = 1'000;
  // Recognised event ids are kept this many days, today included.
  std::int32_t dedup_days = 8;
  // What is older is forgotten in the users' logs.
  std::int32_t keep_log_days = 90;
  // Of users kept in memory between turns.
  std::size_t user_cache_bytes = 16U << 20;
};

// What the owner needs to know to decide when to run the next turn.
struct TurnReport {
  // There was something to do; another turn may find more.
  bool busy = false;
  // Nothing is due before this; kNever when nothing waits.
  base::Instant next_wake = base::kNever;
  // A turn is wanted then all the same, to note that time has passed (last_lived.h), or to go on
  // with the round over all users (retention.h).
  base::Instant next_note = base::kNever;
};

class Shard {
 public:
  // Of a store that was restored (held_store.h), what does not go on by itself: what leaves; or
  // that and everything that time alone brings about, so that nobody moves but by what senders tell
  // and operators order.
  enum class Hold : std::uint8_t { kNothing, kWhatLeaves, kEverything };

  // All references outlive the shard.
  Shard(ShardSettings settings, std::shared_ptr<const Program> program, store::Store& store,
        calendar::ZoneSource& zones, base::Random& random, Publisher& publisher);
  ~Shard();

  // Before the first turn: what was claimed when the last process ended is in
  // doubt; each is noted and tried again or given up, as its campaign says.
  base::Status recover(base::Instant now);

  // Runs one turn over as much of `inputs` as one commit takes, removing it from
  // the front. `now` may be earlier than the last turn's (a clock that was set
  // back): then the last turn's is used. After an error (kFatal) the shard is dead.
  base::Result<TurnReport> turn(std::deque<ShardInput>& inputs, base::Instant now);

  // From here on, until told otherwise. A store that is held is so before `recover`. After
  // StopClaiming nothing lets anything leave any more.
  void hold(Hold what);
  // Claims without a recorded outcome.
  std::uint32_t in_flight() const { return window_.in_flight() + calls_.in_flight(); }
  // As of the last turn.
  const OverdueView& overdue() const { return overdue_view_; }
  // What it says of itself after its last turn.
  void report(ShardGauges& into);
  // Only to say how long commits took. Outlives the shard.
  void measure_commits_by(base::Clock& clock) { stopwatch_ = &clock; }
  // From here on, when what a turn took is durable, and before anybody is told.
  void call_before_publishing(std::function<void()> call) { herald_.before = std::move(call); }

 private:
  // Lets one other know before it tells the world.
  struct Herald final : Publisher {
    explicit Herald(Publisher& publisher) : to(publisher) {}
    void publish(TurnOutput output) override {
      if (before) before();
      to.publish(std::move(output));
    }
    void answer(QueryAnswer answer) override { to.answer(std::move(answer)); }

    Publisher& to;
    std::function<void()> before;
  };

  std::vector<ShardInput> take(std::deque<ShardInput>& inputs) const;
  base::Result<bool> run(std::vector<ShardInput> inputs);
  base::Result<ShardInput> doubt(const store::Delivery& delivery);
  base::Status finish(Turn& turn);
  base::Result<base::Instant> next_wake();
  base::Result<base::Instant> next_timer();
  base::Result<base::Instant> next_delivery();
  base::Instant next_opening(std::uint32_t lane_number);
  base::Status look_at_overdue(std::optional<base::Instant> first);
  // From what is committed.
  base::Status answer(const ShardInput& question);
  base::Status drop_old_ids();
  base::Status drop_old_log(LogKeeper::Turn turn);
  // Erases again whom the ledger has and the store has not (erasure_replay.h): shard_replay.cpp.
  base::Status catch_up();
  base::Status erase_again(const MissingErasures& missing, std::size_t& people);
  base::Status note_caught_up(const MissingErasures& missing, std::size_t people);
  // Once the people who were erased are to be gone from the files, too (washing.h).
  base::Status wash();
  void stop_claiming(base::Instant until);

  const ShardSettings settings_;
  const std::shared_ptr<const Program> program_;
  store::Store& store_;
  calendar::ZoneSource& zones_;
  Publisher& publisher_;
  Herald herald_;
  OutboxWindow window_;
  CallWindow calls_;
  ClaimedDeliveries claimed_;
  UserCache users_;
  PaceBook paces_;
  FanOutBook fan_outs_;
  Census census_;
  SplitBook splits_;
  OperationBook operations_;
  DeadLetterBook letters_;
  Retention retention_;
  DoubtBook doubts_;
  LastLived lived_;
  OverdueGate overdue_;
  ReleaseGate releases_;
  TombstoneBook tombstones_;
  MovedClaims moved_claims_;
  ChangesUnderWay changes_;
  ForgottenNames forgotten_;
  LeavingQueues leaving_;
  LogKeeper log_keeper_;
  Washing washing_;
  Hold hold_ = Hold::kNothing;
  bool is_still_ = false;     // everything is held
  bool is_stopping_ = false;  // StopClaiming has come
  const TurnContext context_;
  base::Instant now_;
  base::Clock* stopwatch_ = nullptr;
  base::Millis deliveries_behind_;
  Histogram lateness_;
  Histogram commits_;
  std::int32_t dropped_before_day_ = 0;
  OverdueView overdue_view_;
  base::Instant overdue_counted_at_;
};

}  // namespace sojourn::runtime
