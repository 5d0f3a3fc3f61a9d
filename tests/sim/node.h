// One process of the daemon, put together as app/daemon.cpp does it, but for sockets and threads:
// the shard's thread is a task of the agenda, the loop's queue another, and the network is
// simulated. Ends when it is destroyed; the disk knows whether that is a crash. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "connectors/iterable/webhooks/notice_reader.h"
#include "runtime/dispatcher.h"
#include "runtime/intake_parse.h"
#include "runtime/lived_clock.h"
#include "runtime/shard.h"
#include "tests/sim/agenda.h"
#include "tests/sim/chance.h"
#include "tests/sim/disk.h"
#include "tests/sim/network.h"
#include "tests/sim/plants.h"
#include "tests/sim/program.h"
#include "tests/sim/said.h"
#include "tests/sim/trace.h"
#include "tests/sim/watched_store.h"

namespace sojourn::sim {

// What everything that a process stands on has in common. All of it outlives the process.
struct Surroundings {
  Agenda& agenda;
  MachineClock& clock;
  Chance& chance;
  Trace& trace;
  Disk& disk;
  Network& network;
  CommitWatch& watch;
  calendar::ZoneSource& zones;
  Plant plant = Plant::kNone;
};

// What may be otherwise in the next process.
struct Configuration {
  std::size_t edit = 0;  // of the program
  std::uint32_t max_in_doubt = 8;
  std::uint32_t max_parked = 32;
  std::uint32_t max_calls_in_doubt = 4;
  std::uint64_t log_limit_bytes = 150'000;
  std::size_t max_fan_out_users = 2;     // who get an event for many in one turn
  std::size_t max_fan_out_waiting = 12;  // who may wait for one
  std::size_t user_cache_bytes = 16U << 20;
  base::Millis look_up_after;
  bool has_notices = false;
  std::int32_t keep_log_days = 90;
  runtime::ForwardMode forward = runtime::ForwardMode::kOff;
};

struct Turned {
  std::vector<std::string> keys;  // of the messages whose outcomes the turn has taken
  bool was_idle = false;          // it was given nothing and did nothing
};

// What a process tells of itself.
struct Listeners {
  // The store is open and nothing has been done to it.
  std::function<void(store::Store&)> opened;
  std::function<void(std::shared_ptr<const runtime::Program>)> running;
  std::function<void(std::uint64_t ticket, std::uint64_t seen_hash)> recognised;
  // Before anything of it is shown.
  std::function<void(const runtime::TurnOutput&)> committed;
  std::function<void(std::uint64_t ticket, int status)> answered;
  std::function<void(store::Store&, const Turned&)> turned;
  // It cannot go on: the store failed, or the disk is dead. Not to be destroyed within the call.
  std::function<void()> failed;
};

class Node final : public runtime::Publisher {
 public:
  Node(Surroundings around, const Configuration& configuration, const Compiled& program,
       const Listeners& listeners);
  ~Node() override;

  base::Status start();
  // False: its mailbox is full, or it is ending.
  bool take(const Post& post, std::uint64_t ticket);
  // A notice of Iterable's.
  bool take_notice(const std::string& body, std::uint64_t ticket);
  bool offer(runtime::ShardInput input);
  // It takes no more requests; `done` once nothing is under way, or after a while.
  void close(std::function<void()> done);
  // The clocks have been moved.
  void wake() { look(); }
  bool believe_clock() { return time_->believe(); }
  bool clock_is_steady() { return time_->view().state == runtime::ClockState::kSteady; }

  // Nothing waits, is running or under way; when something is due.
  bool is_idle() const;
  base::Instant next_due() const { return next_wake_; }

  void publish(runtime::TurnOutput output) override;
  void answer(runtime::QueryAnswer answer) override;

 private:
  class Transport;
  base::Status make_shard();
  bool offer_or_refuse(runtime::IntakeRequest request);
  void show(runtime::TurnOutput output);
  void look();
  void look_after(base::Millis wait);
  void look_when_due();
  void run_turn();
  bool has_work();
  void drain(base::Millis until, std::function<void()> done);
  base::Millis shown_at();

  Surroundings around_;
  const Configuration configuration_;
  const Compiled& compiled_;
  const Listeners& listeners_;
  const std::shared_ptr<int> life_ = std::make_shared<int>(0);
  base::SeededRandom random_;

  std::unique_ptr<store::Store> store_;
  store::Store* inner_ = nullptr;  // below the watch
  std::unique_ptr<runtime::LivedClock> time_;
  std::shared_ptr<const runtime::Program> program_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<runtime::Transport> planted_transport_;
  std::optional<runtime::Dispatcher> dispatcher_;
  connectors::iterable::NoticeReader notices_;
  std::optional<runtime::Shard> shard_;

  std::deque<runtime::ShardInput> mailbox_;
  std::deque<runtime::ShardInput> inputs_;  // what a turn left over
  base::Instant next_wake_;
  base::Instant next_note_;
  bool more_ = true;
  bool is_closing_ = false;
  bool has_failed_ = false;
  std::optional<base::Millis> next_look_;
  std::uint64_t looks_ = 0;
  base::Millis last_shown_;
  std::size_t to_show_ = 0;
};

}  // namespace sojourn::sim
