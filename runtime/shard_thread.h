// A shard on a thread of its own, with a bounded mailbox before it. `offer` and
// `wake` may be called from any thread; everything the shard publishes comes on
// the shard's thread. Time is the clock it was given: while something is due
// within a second of it, the wall clock is looked at at least every second, so a
// clock that jumps is noticed.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "runtime/shard_gauges.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

class Shard;

class ShardThread {
 public:
  // How the system shows it, at most 15 characters.
  static constexpr const char* kThreadName = "shard";

  // What may wait of senders until a turn has made it durable; more is refused at the door. A
  // single request that is larger by itself is taken when nothing else waits.
  struct Room {
    std::size_t items = 0;
    std::size_t bytes = 0;  // as bytes_of (intake_size.h) counts them
  };
  // `on_fatal` is called once, on the shard's thread, when the shard has died; the process must
  // then end. `on_room`, on the same thread, when there is room again after something was refused;
  // others may be quicker to take it.
  ShardThread(Shard& shard, base::Clock& clock, Room room,
              std::function<void(const base::Error&)> on_fatal, std::function<void()> on_room = {});
  // Stops and joins.
  ~ShardThread();

  void start();

  // False when there is no room (intake only; outcomes and questions, bounded by what is in
  // flight, are always taken) or the shard is stopping. Whoever is told what a turn did finds the
  // room of what that turn took.
  bool offer(ShardInput input) { return try_offer(input); }
  // The same, and what is not taken stays as it is.
  bool try_offer(ShardInput& input);
  // What is done on the shard's thread in steps, one after each turn; meanwhile turns go on as
  // ever. Whoever asked for it is answered: by the step that is the last, or by `give_up`.
  struct Job {
    std::function<bool()> step;                       // true: it was the last
    std::function<void(const base::Error&)> give_up;  // no step follows: the daemon stops
  };
  // False, and none of it is called, while another job is under way, after `end_jobs` or when
  // stopping.
  bool run_between_turns(Job job);
  // From now on no job is taken; one that is under way is given up after its step at hand. The
  // rest goes on.
  void end_jobs();
  // Looks at the clock again: the driven clock was moved.
  void wake();
  // Finishes the turn at hand and what is in the mailbox, then ends the thread.
  void stop();

  struct State {
    // Of the Room; what the turn at hand has taken is counted until it is durable.
    std::size_t waiting_items = 0;
    std::size_t waiting_bytes = 0;
    // Nothing in the mailbox, no turn running, nothing due at the clock's present.
    bool idle = false;
    base::Instant next_wake = base::kNever;
    std::uint32_t in_flight = 0;
    std::uint64_t turns = 0;
    // Grows with each turn, and at least every second without one, while the thread gets on.
    std::uint64_t rounds = 0;
  };
  State state() const;
  // What the shard said of itself after its last turn, and how long its turns took.
  struct Gauges {
    ShardGauges shard;
    Histogram turns;
  };
  Gauges gauges() const;

 private:
  void run();
  // Of what a turn has taken. On the shard's thread, without the lock.
  void give_room_back();
  // Waits until there is something to do; false when it is time to end.
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
  bool has_work() const;
  void work_on_job(std::unique_lock<std::mutex>& lock);
  void give_up_job(std::unique_lock<std::mutex>& lock, const base::Error& why);

  Shard& shard_;
  base::Clock& clock_;
  const Room room_;
  const std::function<void(const base::Error&)> on_fatal_;
  const std::function<void()> on_room_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ShardInput> inputs_;  // what turns left over; only the shard's thread looks
  std::deque<ShardInput> mailbox_;
  // What each takes that waits: of those that the turn at hand took, of inputs_, of mailbox_.
  std::deque<Room> rooms_;
  Room waiting_{};            // their sum
  bool was_refused_ = false;  // something, since room was given back
  base::Instant next_wake_;
  base::Instant next_note_ = base::kNever;
  bool busy_ = true;
  bool more_ = false;
  bool stopping_ = false;
  bool takes_jobs_ = true;
  std::uint32_t in_flight_ = 0;
  std::uint64_t turns_ = 0;
  std::uint64_t rounds_ = 0;
  std::optional<Job> job_;
  Gauges gauges_;

  std::thread thread_;
};

}  // namespace sojourn::runtime
