#include "runtime/store/fan_out_tables.h"

#include <tuple>

#include "runtime/store/hash_bytes.h"
#include "runtime/store/ordered.h"

namespace sojourn::store {

namespace {

auto disk_order(const FieldValue& entry) {
  return std::tuple(entry.shard(), entry.field, entry.value, entry.user);
}

}  // namespace

FanOutTables::FanOutTables(Connection& connection)
    : connection_(connection),
      users_with_(connection,
                  "SELECT user_shard, user_number FROM field_value"
                  " WHERE shard = ? AND field = ? AND value = ?"
                  " ORDER BY user_shard, user_number LIMIT ?"),
      put_value_(connection,
                 "INSERT INTO field_value (shard, field, value, user_shard, user_number)"
                 " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      remove_value_(connection,
                    "DELETE FROM field_value WHERE shard = ? AND field = ? AND value = ?"
                    " AND user_shard = ? AND user_number = ?"),
      drop_values_(connection,
                   "DELETE FROM field_value WHERE (shard, field, value, user_shard, user_number)"
                   " IN (SELECT shard, field, value, user_shard, user_number FROM field_value"
                   " WHERE shard = ? AND field = ? LIMIT ?)"),
      waiting_(connection,
               "SELECT number, part, body FROM fan_out WHERE (number, part) > (?, ?)"
               " ORDER BY number, part LIMIT ?"),
      put_waiting_(connection,
                   "INSERT INTO fan_out (number, part, body) VALUES (?, ?, ?)"
                   " ON CONFLICT DO UPDATE SET body = excluded.body"),
      remove_waiting_(connection, "DELETE FROM fan_out WHERE number = ? AND part = ?") {}

std::vector<UserId> FanOutTables::users_with(std::uint32_t field, base::Hash128 value,
                                             std::size_t limit) {
  std::vector<UserId> out;
  const FieldValue entry{field, value, {}};
  const HashBytes bytes(value);
  Query query(users_with_, entry.shard(), field, Blob{bytes.view()}, limit);
  while (query.next()) {
    out.push_back(UserId{static_cast<std::uint16_t>(query.integer(0)),
                         static_cast<std::uint64_t>(query.integer(1))});
  }
  return out;
}

bool FanOutTables::drop_field(std::uint32_t field, std::size_t limit) {
  std::size_t room = limit;
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) {
    run(drop_values_, shard, field, room);
    room -= connection_.changes();
    if (room == 0) return false;
  }
  return true;
}

std::vector<FanOutRow> FanOutTables::waiting(const std::optional<FanOutKey>& after,
                                             std::size_t limit) {
  std::vector<FanOutRow> out;
  // Numbers begin with 1.
  const FanOutKey from = after.value_or(FanOutKey{});
  Query query(waiting_, from.number, from.part, limit);
  while (query.next()) {
    out.push_back({{static_cast<std::uint64_t>(query.integer(0)),
                    static_cast<std::uint32_t>(query.integer(1))},
                   std::string(query.bytes(2))});
  }
  return out;
}

void FanOutTables::write(const Commit& commit) {
  for (const FieldValue* entry : ordered(commit.remove_field_values, disk_order)) {
    const HashBytes value(entry->value);
    run(remove_value_, entry->shard(), entry->field, Blob{value.view()}, entry->user.shard,
        entry->user.number);
  }
  for (const FieldValue* entry : ordered(commit.put_field_values, disk_order)) {
    const HashBytes value(entry->value);
    run(put_value_, entry->shard(), entry->field, Blob{value.view()}, entry->user.shard,
        entry->user.number);
  }
  for (const FanOutKey& key : commit.remove_fan_outs) run(remove_waiting_, key.number, key.part);
  for (const FanOutRow& row : commit.put_fan_outs) {
    run(put_waiting_, row.key.number, row.key.part, Blob{row.body});
  }
}

}  // namespace sojourn::store
