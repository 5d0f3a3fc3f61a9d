// Some hundred turns of seeded traffic on a shard whose power may go at any
// moment: at some of the moments at which something was published, what a power
// cut would have left is held against all promises made so far.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"
#include "tests/durability/promise.h"
#include "tests/durability/traffic.h"
#include "tests/durability/watched_shard.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::durability {

class BusyDays {
 public:
  explicit BusyDays(std::uint64_t seed);

  // Over some days, fewer than event ids are kept. Ends in the middle of things.
  void go(int turns);
  // The same without any power cut, on a disk that may fail: ends where it does.
  base::Status try_go(int turns);
  // Ends the process: the store is closed. The path of its file. Nothing goes on after that.
  std::string stop();

  const Traffic& traffic() const { return traffic_; }
  WatchedShard& shard() { return *shard_; }
  base::Instant now() const { return now_; }
  // Found at the power cuts that were tried.
  int power_cuts() const { return power_cuts_; }
  const std::vector<Broken>& broken() const { return broken_; }

 private:
  std::deque<runtime::ShardInput> inputs();
  void move_clock(base::Instant wake);
  void perhaps_cut_power();

  // The calls are what counts here, so no sync need be real.
  store::ScratchDirectory directory_{store::ScratchDirectory::Place::kMemory};
  Traffic traffic_;
  base::SeededRandom moments_;  // of its own, so that planted builds see the same traffic
  std::unique_ptr<WatchedShard> shard_;
  base::Instant now_;
  int power_cuts_ = 0;
  std::vector<Broken> broken_;
};

}  // namespace sojourn::durability
