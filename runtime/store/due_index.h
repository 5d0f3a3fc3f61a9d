// The earliest due time of every shard, so that a table keyed by (shard, due, …)
// can be read in due order across 1,024 shards without visiting all of them.
// Memory does not grow with what is waiting.
//
// Each entry is a lower bound: nothing of the shard is due before it. It is known
// to be exact, or it is found out by asking the table when it comes first. So a
// removal only marks the entry, and a new index knows nothing and is right.
//
// Pure: the table is reached through the functions given. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/instant.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class DueIndex {
 public:
  DueIndex();

  // An entry of `shard` due at `due` is being added.
  void added(std::uint16_t shard, base::Instant due);
  // Some entry of `shard` is being removed or moved.
  void removed(std::uint16_t shard) { earliest_[shard].exact = false; }

  // The earliest due time in `shard` that is not before `from`.
  using First =
      std::function<std::optional<base::Instant>(std::uint16_t shard, base::Instant from)>;
  // The earliest due time of all.
  std::optional<base::Instant> next(const First& first);

  // Takes the entries of `shard` due from `from` to `through`, both included, in
  // due order and at most `room`.
  struct Taken {
    std::size_t count = 0;
    std::optional<base::Instant> first;  // due time of the first entry from `from` on
    std::optional<base::Instant> rest;   // due time of the first entry not taken
  };
  using Take = std::function<Taken(std::uint16_t shard, base::Instant from, base::Instant through,
                                   std::size_t room)>;
  // Takes what is due at or before `until`, by due time, then shard.
  void collect(base::Instant until, std::size_t limit, const Take& take);

 private:
  struct Earliest {
    base::Instant due;  // later than any instant when the shard has none
    bool exact = false;
  };
  std::array<Earliest, kShardCount> earliest_;
};

}  // namespace sojourn::store
