#include "runtime/store/timer_table.h"

#include <tuple>

#include "runtime/store/ordered.h"

namespace sojourn::store {

namespace {

auto disk_order(const TimerKey& key) {
  return std::tuple(key.due, key.user.shard, key.user.number, key.enrollment);
}

}  // namespace

TimerTable::TimerTable(Connection& connection)
    : due_(connection,
           "SELECT due, shard, user_number, enrollment FROM timer WHERE due <= ?"
           " ORDER BY due, shard, user_number, enrollment LIMIT ?"),
      next_(connection, "SELECT due FROM timer ORDER BY due LIMIT 1"),
      count_(connection, "SELECT count(*) FROM (SELECT 1 FROM timer WHERE due <= ? LIMIT ?)"),
      put_(connection,
           "INSERT INTO timer (due, shard, user_number, enrollment) VALUES (?, ?, ?, ?)"
           " ON CONFLICT DO NOTHING"),
      remove_(connection,
              "DELETE FROM timer"
              " WHERE due = ? AND shard = ? AND user_number = ? AND enrollment = ?") {}

std::vector<TimerKey> TimerTable::due(base::Instant until, std::size_t limit) {
  std::vector<TimerKey> out;
  Query query(due_, until.millis, limit);
  while (query.next()) {
    out.push_back(TimerKey{{static_cast<std::uint16_t>(query.integer(1)),
                            static_cast<std::uint64_t>(query.integer(2))},
                           base::Instant{query.integer(0)},
                           static_cast<std::uint32_t>(query.integer(3))});
  }
  return out;
}

std::optional<base::Instant> TimerTable::next() {
  Query query(next_);
  if (!query.next()) return std::nullopt;
  return base::Instant{query.integer(0)};
}

std::size_t TimerTable::count(base::Instant until, std::size_t at_most) {
  Query query(count_, until.millis, at_most);
  return query.next() ? static_cast<std::size_t>(query.integer(0)) : 0;
}

void TimerTable::write(const Commit& commit) {
  for (const TimerKey* key : ordered(commit.remove_timers, disk_order)) {
    run(remove_, key->due.millis, key->user.shard, key->user.number, key->enrollment);
  }
  for (const TimerKey* key : ordered(commit.put_timers, disk_order)) {
    run(put_, key->due.millis, key->user.shard, key->user.number, key->enrollment);
  }
}

}  // namespace sojourn::store
