// Table `shard_head`: numbers for new users, never given twice. Numbers are
// reserved on disk in blocks before the first of a block is given out; a block
// that runs low is followed by the next one within a commit that happens anyway.
// A restart skips what was left of a block. Belongs to a SqliteStore; errors stay
// in its connection.
#pragma once

#include <array>

#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class UserNumbers {
 public:
  explicit UserNumbers(Connection& connection);

  // Whether `take` may be called, or `reserve_all` must come first.
  bool has_reserved(std::uint16_t shard) const;
  UserId take(std::uint16_t shard);
  // Inside a transaction: gives every shard a block.
  void reserve_all();
  // Inside a transaction: reserves for the shards that run low.
  void write_low();

 private:
  static constexpr std::uint64_t kBlock = 256;
  static constexpr std::uint64_t kLow = kBlock / 2;

  struct Head {
    std::uint64_t next = 1;
    std::uint64_t reserved_end = 1;  // as on disk: numbers below may be given
  };
  void reserve(std::uint16_t shard);

  Statement heads_of_file_;
  Statement put_;
  std::array<Head, kShardCount> heads_;
  std::vector<std::uint16_t> low_;
};

}  // namespace sojourn::store
