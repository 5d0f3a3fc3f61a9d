// Tables `field_value`, which finds users by a field of theirs, and `fan_out`, the events
// that are on their way to many users. Belongs to a SqliteStore; errors stay in its
// connection.
#pragma once

#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class FanOutTables {
 public:
  explicit FanOutTables(Connection& connection);

  std::vector<UserId> users_with(std::uint32_t field, base::Hash128 value, std::size_t limit);
  // Inside a transaction. True when none are left.
  bool drop_field(std::uint32_t field, std::size_t limit);
  std::vector<FanOutRow> waiting(const std::optional<FanOutKey>& after, std::size_t limit);
  void write(const Commit& commit);

 private:
  Connection& connection_;
  Statement users_with_;
  Statement put_value_;
  Statement remove_value_;
  Statement drop_values_;
  Statement waiting_;
  Statement put_waiting_;
  Statement remove_waiting_;
};

}  // namespace sojourn::store
