#include "runtime/store/timer_table.h"

#include <tuple>

#include "runtime/store/ordered.h"

namespace sojourn::store {

namespace {

auto disk_order(const TimerKey& key) {
  return std::tuple(key.user.shard, key.due, key.user.number, key.enrollment);
}

}  // namespace

TimerTable::TimerTable(Connection& connection)
    : from_(connection,
            "SELECT due, user_number, enrollment FROM timer WHERE shard = ? AND due >= ?"
            " ORDER BY due, user_number, enrollment"),
      count_(connection, "SELECT count(*) FROM timer WHERE shard = ? AND due <= ?"),
      put_(connection,
           "INSERT INTO timer (shard, due, user_number, enrollment) VALUES (?, ?, ?, ?)"
           " ON CONFLICT DO NOTHING"),
      remove_(connection,
              "DELETE FROM timer"
              " WHERE shard = ? AND due = ? AND user_number = ? AND enrollment = ?") {}

std::vector<TimerKey> TimerTable::due(base::Instant until, std::size_t limit) {
  std::vector<TimerKey> out;
  const auto take = [&](std::uint16_t shard, base::Instant from, base::Instant through,
                        std::size_t room) {
    DueIndex::Taken taken;
    Query query(from_, shard, from.millis);
    while (query.next()) {
      const base::Instant due{query.integer(0)};
      if (!taken.first) taken.first = due;
      if (due > through || taken.count == room) {
        taken.rest = due;
        break;
      }
      out.push_back(TimerKey{{shard, static_cast<std::uint64_t>(query.integer(1))},
                             due,
                             static_cast<std::uint32_t>(query.integer(2))});
      ++taken.count;
    }
    return taken;
  };
  index_.collect(until, limit, take);
  return out;
}

std::optional<base::Instant> TimerTable::next() {
  return index_.next([&](std::uint16_t shard, base::Instant from) -> std::optional<base::Instant> {
    Query query(from_, shard, from.millis);
    if (!query.next()) return std::nullopt;
    return base::Instant{query.integer(0)};
  });
}

std::size_t TimerTable::count(base::Instant until) {
  std::int64_t count = 0;
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) {
    Query query(count_, shard, until.millis);
    if (query.next()) count += query.integer(0);
  }
  return static_cast<std::size_t>(count);
}

void TimerTable::write(const Commit& commit) {
  for (const TimerKey* key : ordered(commit.remove_timers, disk_order)) {
    run(remove_, key->user.shard, key->due.millis, key->user.number, key->enrollment);
    index_.removed(key->user.shard);
  }
  for (const TimerKey* key : ordered(commit.put_timers, disk_order)) {
    run(put_, key->user.shard, key->due.millis, key->user.number, key->enrollment);
    index_.added(key->user.shard, key->due);
  }
}

}  // namespace sojourn::store
