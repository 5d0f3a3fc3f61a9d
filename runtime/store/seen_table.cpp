#include "runtime/store/seen_table.h"

#include "runtime/store/ordered.h"

namespace sojourn::store {

SeenTable::SeenTable(Connection& connection)
    : connection_(connection),
      days_of_file_(connection, "SELECT day FROM seen_day"),
      // One run for all days: beginning and ending one costs as much as a look.
      find_(connection,
            "SELECT 1 FROM seen WHERE shard = ? AND hash = ?"
            " AND day IN (SELECT day FROM seen_day)"),
      put_(connection,
           "INSERT INTO seen (shard, day, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
      put_day_(connection, "INSERT INTO seen_day (day) VALUES (?)"),
      remove_day_(connection, "DELETE FROM seen_day WHERE day = ?"),
      hash_at_(connection,
               "SELECT hash FROM seen WHERE shard = ? AND day = ? ORDER BY hash LIMIT 1 OFFSET ?"),
      remove_through_(connection, "DELETE FROM seen WHERE shard = ? AND day = ? AND hash <= ?"),
      remove_all_(connection, "DELETE FROM seen WHERE shard = ? AND day = ?") {
  Query query(days_of_file_);
  while (query.next()) days_.insert(static_cast<std::int32_t>(query.integer(0)));
}

bool SeenTable::find(const SeenEvent& event) {
  return Query(find_, event.shard, event.hash).next();
}

void SeenTable::write(const Commit& commit) {
  for (const SeenEvent* event : ordered(commit.put_seen, std::identity())) {
    if (days_.insert(event->day).second) run(put_day_, event->day);
    if (event->day == *days_.begin()) drop_shard_ = 0;
    run(put_, event->shard, event->day, event->hash);
  }
}

bool SeenTable::drop_before(std::int32_t day, std::size_t limit) {
  std::size_t room = limit;
  while (!days_.empty() && *days_.begin() < day) {
    const std::int32_t oldest = *days_.begin();
    while (drop_shard_ < kShardCount) {
      if (room == 0) return false;
      const std::size_t dropped = drop(drop_shard_, oldest, room);
      // Fewer than there was room for: the shard has no more.
      if (dropped < room) ++drop_shard_;
      room -= dropped;
    }
    run(remove_day_, oldest);
    days_.erase(days_.begin());
    drop_shard_ = 0;
  }
  return true;
}

std::size_t SeenTable::drop(std::uint16_t shard, std::int32_t day, std::size_t limit) {
  std::optional<std::int64_t> last;
  {
    Query query(hash_at_, shard, day, limit - 1);
    if (query.next()) last = query.integer(0);
  }
  if (last) {
    run(remove_through_, shard, day, *last);
  } else {
    run(remove_all_, shard, day);
  }
  return connection_.changes();
}

}  // namespace sojourn::store
