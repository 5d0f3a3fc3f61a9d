// Table `timer`: who is due when, in due order, so that what begins or ends to wait together
// lies in one page. Belongs to a SqliteStore; errors stay in its connection.
#pragma once

#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class TimerTable {
 public:
  explicit TimerTable(Connection& connection);

  // By due time, then shard, user and enrollment.
  std::vector<TimerKey> due(base::Instant until, std::size_t limit);
  std::optional<base::Instant> next();
  std::size_t count(base::Instant until, std::size_t at_most);
  void write(const Commit& commit);

 private:
  Statement due_;
  Statement next_;
  Statement count_;
  Statement put_;
  Statement remove_;
};

}  // namespace sojourn::store
