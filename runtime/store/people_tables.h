// Tables `identity` and `user_row`: who a user is outside, and all we keep of one.
// Belongs to a SqliteStore; errors stay in its connection.
#pragma once

#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class PeopleTables {
 public:
  explicit PeopleTables(Connection& connection);

  std::optional<UserId> find(const Identity& identity);
  // Rows of kind below kLog, in key order.
  std::vector<Row> of_user(UserId user);
  // Rows of one kind, newest first.
  std::vector<Row> newest(UserId user, RowKind kind, std::size_t limit);
  // Rows of kind kHead, in order of user from `after` on (exclusive).
  std::vector<Row> heads(const std::optional<UserId>& after, std::size_t limit);
  void write(const Commit& commit);

 private:
  void put_rows(const std::vector<const Row*>& rows);

  Statement find_identity_;
  Statement put_identity_;
  Statement remove_identity_;
  Statement rows_of_user_;
  Statement newest_rows_;
  Statement next_head_;
  Statement put_row_;
  Statement put_rows_;  // as many as kRowsAtOnce
  Statement remove_row_;
};

}  // namespace sojourn::store
