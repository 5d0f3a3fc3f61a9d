// The soonest planned deliveries of one lane, in memory: while the outbox drains, what is
// planned in one commit is claimed a few commits later, and would be read back
// from the table each time. Holds every planned delivery up to a horizon and none
// beyond it; what is beyond is in the table alone.
//
// A mirror: the table is written first, and a store whose write failed is dead.
// One thread.
#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/store/store.h"

namespace sojourn::store {

class PlannedFront {
 public:
  // `limit` is at least one. What a new front knows: nothing, its horizon is before everything;
  // or that the table has none.
  enum class Knows : bool { kNothing, kThereAreNone };
  PlannedFront(std::size_t limit, Knows knows)
      : limit_(limit), complete_(knows == Knows::kThereAreNone) {}

  // Mirror a put and a removal. A put of what was planned before replaces it.
  void put(const Delivery& delivery);
  void remove(const DeliveryKey& key);

  // Replaces everything by the soonest of the table, in the order of `Place`, and
  // at most the limit; fewer than the limit says that the table has no more.
  void refill(std::vector<Delivery> soonest);
  std::size_t limit() const { return limit_; }

  // Whether the front alone can say which `count` are the soonest of those due at
  // or before `until`.
  bool covers(base::Instant until, std::size_t count) const;
  // Due at or before `until`, soonest first.
  std::vector<Delivery> due(base::Instant until, std::size_t count) const;
  std::optional<base::Instant> first() const;
  // The table has none either.
  bool is_empty() const { return complete_ && rows_.empty(); }

 private:
  // By next attempt, then shard, user and message: the order of the outbox.
  struct Place {
    base::Instant next_attempt;
    DeliveryKey key;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Row {
    std::string body;
    std::uint32_t lane = 0;
    std::optional<base::Instant> deadline;
  };
  struct KeyHash {
    std::size_t operator()(const DeliveryKey& key) const { return key.message.low; }
  };

  bool within(const Place& place) const { return complete_ || (horizon_ && place <= *horizon_); }
  void add(const Place& place, Row row);

  std::size_t limit_;
  bool complete_;                 // nothing is beyond: the horizon is after everything
  std::optional<Place> horizon_;  // the last place that is inside; none: before everything
  absl::btree_map<Place, Row> rows_;
  absl::flat_hash_map<DeliveryKey, base::Instant, KeyHash> attempts_;  // of the same
};

}  // namespace sojourn::store
