// Table `delivery`: the outbox. Belongs to a SqliteStore; errors stay in its
// connection.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "runtime/store/planned_front.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class OutboxTable {
 public:
  // Keeps the `planned_in_memory` soonest planned ones of each lane at hand.
  OutboxTable(Connection& connection, std::size_t planned_in_memory);

  std::vector<WaitingLane> waiting_lanes();
  // Planned ones by next attempt, then shard, user and message.
  std::vector<Delivery> due(std::uint32_t lane, base::Instant until, std::size_t limit);
  // Those whose deadline is before `now`, by that.
  std::vector<Delivery> late(base::Instant now, std::size_t limit);
  std::optional<base::Instant> next_deadline();
  // In key order.
  std::vector<Delivery> claimed(const std::optional<DeliveryKey>& after, std::size_t limit);
  std::vector<Delivery> of_user(UserId user);
  // Planned and claimed, in key order.
  std::vector<Delivery> all(const std::optional<DeliveryKey>& after, std::size_t limit);
  void write(const Commit& commit);

 private:
  static std::vector<Delivery> list(Statement& statement, const std::optional<DeliveryKey>& after,
                                    std::size_t limit);
  // `due`, from the table.
  std::vector<Delivery> read(std::uint32_t lane, base::Instant until, std::size_t limit);
  void find_lanes();
  void refill(std::uint32_t lane, PlannedFront& front);
  void mirror(const Delivery& delivery);
  void forget(const DeliveryKey& key);

  Statement planned_;
  Statement next_lane_;
  Statement late_;
  Statement first_deadline_;
  Statement claimed_after_;
  Statement all_after_;
  Statement of_user_;
  Statement put_;
  Statement remove_;
  const std::size_t planned_in_memory_;
  // One of each lane that has planned ones in the table, and maybe of some that had.
  std::map<std::uint32_t, PlannedFront> fronts_;
  bool found_lanes_ = false;
  // False: no row has a deadline.
  bool may_have_deadlines_ = true;
};

}  // namespace sojourn::store
