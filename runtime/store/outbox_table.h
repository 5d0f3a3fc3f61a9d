// Table `delivery`: the outbox. Belongs to a SqliteStore; errors stay in its
// connection.
#pragma once

#include "runtime/store/planned_front.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class OutboxTable {
 public:
  // Keeps the `planned_in_memory` soonest planned ones at hand.
  OutboxTable(Connection& connection, std::size_t planned_in_memory);

  // Planned ones by next attempt, then shard, user and message.
  std::vector<Delivery> due(base::Instant until, std::size_t limit);
  std::optional<base::Instant> next();
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
  std::vector<Delivery> read(base::Instant until, std::size_t limit);

  Statement planned_;
  Statement claimed_after_;
  Statement all_after_;
  Statement of_user_;
  Statement put_;
  Statement remove_;
  PlannedFront front_;
};

}  // namespace sojourn::store
