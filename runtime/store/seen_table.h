// Tables `seen` and `seen_day`: events already recognised, by UTC day. Belongs to
// a SqliteStore; errors stay in its connection.
#pragma once

#include <set>

#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class SeenTable {
 public:
  explicit SeenTable(Connection& connection);

  // On any day still kept; `event.day` does not matter.
  bool find(const SeenEvent& event);
  void write(const Commit& commit);
  // Inside a transaction: removes at most `limit` rows of days before `day`;
  // true when none are left.
  bool drop_before(std::int32_t day, std::size_t limit);

 private:
  // Removes at most `limit` rows of one shard and day; how many.
  std::size_t drop(std::uint16_t shard, std::int32_t day, std::size_t limit);

  Connection& connection_;
  Statement days_of_file_;
  Statement find_;
  Statement put_;
  Statement put_day_;
  Statement remove_day_;
  Statement hash_at_;
  Statement remove_through_;
  Statement remove_all_;

  // The days of `seen_day`.
  std::set<std::int32_t> days_;
  // Dropping the first day goes on at this shard; those before it are done.
  std::uint16_t drop_shard_ = 0;
};

}  // namespace sojourn::store
