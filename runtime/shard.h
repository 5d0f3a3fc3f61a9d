// Runs the users of one database file, turn by turn. Not thread-safe: whoever
// owns it calls it from one thread (ShardThread in the daemon, the test or the
// simulator elsewhere). It reads no clock: every turn is given its `now`.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "runtime/call_window.h"
#include "runtime/census.h"
#include "runtime/commit_order.h"
#include "runtime/dead_letter_book.h"
#include "runtime/fan_out_book.h"
#include "runtime/operation_book.h"
#include "runtime/outbox_window.h"
#include "runtime/pace_book.h"
#include "runtime/retention.h"
#include "runtime/shard_input.h"
#include "runtime/split_book.h"
#include "runtime/turn_context.h"
#include "runtime/user_cache.h"

namespace sojourn::runtime {

class Turn;

struct ShardSettings {
  TurnSettings turn;
  // Items of intake taken in one turn, so one commit; a request is never divided.
  std::size_t max_items_per_turn = 1'000;
  // Claimed and without a recorded outcome, per endpoint.
  std::uint32_t max_in_doubt = 256;
  // The same of calls, per host of webhooks.
  std::uint32_t max_calls_in_doubt = 16;
  // Deliveries that ended unsent and are kept for the operator.
  DeadLetterLimits dead_letters;
  // Recognised event ids are kept this many days, today included.
  std::int32_t dedup_days = 8;
  // Of users kept in memory between turns.
  std::size_t user_cache_bytes = 16U << 20;
};

// What the owner needs to know to decide when to run the next turn.
struct TurnReport {
  // There was something to do; another turn may find more.
  bool busy = false;
  // Nothing is due before this; kNever when nothing waits.
  base::Instant next_wake = base::kNever;
};

class Shard {
 public:
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

  // Claims without a recorded outcome.
  std::uint32_t in_flight() const { return window_.in_flight() + calls_.in_flight(); }
  // Users who are still to get an event `for users`.
  std::size_t fan_out_waiting() const { return fan_outs_.waiting_users(); }

 private:
  std::vector<ShardInput> take(std::deque<ShardInput>& inputs) const;
  base::Result<bool> run(std::vector<ShardInput> inputs);
  base::Result<ShardInput> doubt(const store::Delivery& delivery);
  base::Status finish(Turn& turn);
  base::Result<base::Instant> next_wake();
  // From what is committed.
  base::Status answer(const ShardInput& question);
  base::Status drop_old_ids();
  void stop_claiming(base::Instant until);
  // Claims that are possible now, and when the first pause ends.
  std::size_t room() const { return window_.room(now_) + calls_.room(now_); }
  base::Instant next_opening() const;

  const ShardSettings settings_;
  const std::shared_ptr<const Program> program_;
  store::Store& store_;
  calendar::ZoneSource& zones_;
  Publisher& publisher_;
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
  const TurnContext context_;
  base::Instant now_;
  // After a look at due deliveries that could move none, until when another is in
  // vain, unless an outcome comes first.
  base::Instant outbox_closed_until_;
  std::int32_t dropped_before_day_ = 0;
};

}  // namespace sojourn::runtime
