#include "runtime/store/people_tables.h"

#include "base/check.h"
#include "runtime/store/ordered.h"

namespace sojourn::store {

namespace {

// Beginning and ending a statement costs about as much as the row it puts.
constexpr std::size_t kRowsAtOnce = 8;

std::int64_t kind_number(RowKind kind) {
  return static_cast<std::int64_t>(kind);
}
std::int64_t kind_number(Identity::Kind kind) {
  return static_cast<std::int64_t>(kind);
}

}  // namespace

PeopleTables::PeopleTables(Connection& connection)
    : find_identity_(connection,
                     "SELECT user_shard, user_number FROM identity"
                     " WHERE shard = ? AND kind = ? AND value = ?"),
      put_identity_(connection,
                    "INSERT INTO identity (shard, kind, value, user_shard, user_number)"
                    " VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET"
                    " user_shard = excluded.user_shard, user_number = excluded.user_number"),
      remove_identity_(connection,
                       "DELETE FROM identity WHERE shard = ? AND kind = ? AND value = ?"),
      rows_of_user_(connection,
                    "SELECT kind, number, body FROM user_row"
                    " WHERE shard = ? AND user_number = ? AND kind < ? ORDER BY kind, number"),
      newest_rows_(connection,
                   "SELECT number, body FROM user_row"
                   " WHERE shard = ? AND user_number = ? AND kind = ?"
                   " ORDER BY number DESC LIMIT ?"),
      next_head_(connection,
                 "SELECT shard, user_number, kind, body FROM user_row"
                 " WHERE (shard, user_number) > (?, ?)"
                 " ORDER BY shard, user_number, kind LIMIT 1"),
      put_row_(connection,
               "INSERT INTO user_row (shard, user_number, kind, number, body)"
               " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"),
      put_rows_(connection,
                "INSERT INTO user_row (shard, user_number, kind, number, body) VALUES"
                " (?, ?, ?, ?, ?), (?, ?, ?, ?, ?), (?, ?, ?, ?, ?), (?, ?, ?, ?, ?),"
                " (?, ?, ?, ?, ?), (?, ?, ?, ?, ?), (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET body = excluded.body"),
      remove_row_(connection,
                  "DELETE FROM user_row"
                  " WHERE shard = ? AND user_number = ? AND kind = ? AND number = ?") {}

std::optional<UserId> PeopleTables::find(const Identity& identity) {
  Query query(find_identity_, identity.shard(), kind_number(identity.kind), Text{identity.value});
  if (!query.next()) return std::nullopt;
  return UserId{static_cast<std::uint16_t>(query.integer(0)),
                static_cast<std::uint64_t>(query.integer(1))};
}

std::vector<Row> PeopleTables::of_user(UserId user) {
  std::vector<Row> out;
  Query query(rows_of_user_, user.shard, user.number, kind_number(RowKind::kLog));
  while (query.next()) {
    out.push_back(Row{{user, static_cast<RowKind>(query.integer(0)),
                       static_cast<std::uint64_t>(query.integer(1))},
                      std::string(query.bytes(2))});
  }
  return out;
}

std::vector<Row> PeopleTables::newest(UserId user, RowKind kind, std::size_t limit) {
  std::vector<Row> out;
  Query query(newest_rows_, user.shard, user.number, kind_number(kind), limit);
  while (query.next()) {
    out.push_back(Row{{user, kind, static_cast<std::uint64_t>(query.integer(0))},
                      std::string(query.bytes(1))});
  }
  return out;
}

// A look for each user, since the rows between one head and the next may be many.
std::vector<Row> PeopleTables::heads(const std::optional<UserId>& after, std::size_t limit) {
  std::vector<Row> out;
  // Rows of nobody come first.
  UserId last = after.value_or(UserId{0, 0});
  while (out.size() < limit) {
    Query query(next_head_, last.shard, last.number);
    if (!query.next()) break;
    last = UserId{static_cast<std::uint16_t>(query.integer(0)),
                  static_cast<std::uint64_t>(query.integer(1))};
    // The head is a user's first row.
    if (query.integer(2) != static_cast<std::int64_t>(RowKind::kHead)) continue;
    out.push_back(Row{{last, RowKind::kHead, 0}, std::string(query.bytes(3))});
  }
  return out;
}

void PeopleTables::write(const Commit& commit) {
  for (const Identity& identity : commit.remove_identities) {
    run(remove_identity_, identity.shard(), kind_number(identity.kind), Text{identity.value});
  }
  for (const auto& [identity, user] : commit.put_identities) {
    run(put_identity_, identity.shard(), kind_number(identity.kind), Text{identity.value},
        user.shard, user.number);
  }
  for (const RowKey* key : ordered(commit.remove_rows, std::identity())) {
    run(remove_row_, key->user.shard, key->user.number, kind_number(key->kind), key->number);
  }
  put_rows(ordered(commit.put_rows, &Row::key));
}

void PeopleTables::put_rows(const std::vector<const Row*>& rows) {
  const auto bind = [](Query& query, const Row& row) {
    const RowKey& key = row.key;
    query.bind_next(key.user.shard, key.user.number, kind_number(key.kind), key.number,
                    Blob{row.body});
  };
  std::size_t done = 0;
  for (; rows.size() - done >= kRowsAtOnce; done += kRowsAtOnce) {
    Query query(put_rows_);
    for (std::size_t i = 0; i < kRowsAtOnce; ++i) bind(query, *rows[done + i]);
    query.next();
  }
  for (; done < rows.size(); ++done) {
    Query query(put_row_);
    bind(query, *rows[done]);
    query.next();
  }
}

}  // namespace sojourn::store
