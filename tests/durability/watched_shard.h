// The real thing under test: shard, SQLite store and the machine's time zones as
// the daemon puts them together, with a witness in place of disk and world.
#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "runtime/shard.h"
#include "tests/durability/witness.h"

namespace sojourn::tzdata {
class SystemZones;
}

namespace sojourn::durability {

inline constexpr const char* kDatabaseName = "data.db";

class WatchedShard {
 public:
  // Opens or creates the database at `path`. `seed` is for the jitter of retries.
  WatchedShard(const std::string& path, std::uint64_t seed);
  // Only the witness is there, so that its disk can be made to fail; `open` comes next.
  explicit WatchedShard(std::uint64_t seed);
  ~WatchedShard();
  base::Status open(const std::string& path);

  Witness& witness() { return witness_; }
  store::Store& store() { return *store_; }
  runtime::Shard& shard() { return *shard_; }
  // Turns until all of `inputs` is taken; when the next one is due by itself.
  base::Instant turn(std::deque<runtime::ShardInput> inputs, base::Instant now);
  // The same, on a disk that may fail.
  base::Result<base::Instant> try_turn(std::deque<runtime::ShardInput> inputs, base::Instant now);

 private:
  // In order of construction: what is below uses what is above.
  Witness witness_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<tzdata::SystemZones> zones_;
  base::SeededRandom random_;
  std::unique_ptr<runtime::Shard> shard_;
};

}  // namespace sojourn::durability
