#include "runtime/store/schema.h"

#include <fmt/core.h>

#include "runtime/store/log_guard.h"
#include "runtime/store/log_renewal.h"

namespace sojourn::store {

namespace {

constexpr std::int64_t kApplicationId = 0x534A524E;  // "SJRN"
constexpr std::int64_t kSchemaVersion = 4;

// Every table is WITHOUT ROWID where its key is not one integer: the row lives in
// the key's own tree, so a change touches one page.
constexpr const char* kTables = R"sql(
CREATE TABLE identity (
  shard INTEGER NOT NULL, kind INTEGER NOT NULL, value TEXT NOT NULL,
  user_shard INTEGER NOT NULL, user_number INTEGER NOT NULL,
  PRIMARY KEY (shard, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_row (
  shard INTEGER NOT NULL, user_number INTEGER NOT NULL, kind INTEGER NOT NULL,
  number INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (shard, user_number, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
  shard INTEGER NOT NULL, user_number INTEGER NOT NULL, message BLOB NOT NULL,
  next_attempt INTEGER, body BLOB NOT NULL,
  PRIMARY KEY (shard, user_number, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
  shard INTEGER NOT NULL, day INTEGER NOT NULL, hash INTEGER NOT NULL,
  PRIMARY KEY (shard, day, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen_day (day INTEGER PRIMARY KEY) STRICT;

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE commit_sequence (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), sequence INTEGER NOT NULL
) STRICT;
INSERT INTO commit_sequence VALUES (1, 0);

CREATE TABLE shard_head (shard INTEGER PRIMARY KEY, next_user INTEGER NOT NULL) STRICT;

CREATE TABLE graph (
  version BLOB PRIMARY KEY, journey TEXT NOT NULL, encoding INTEGER NOT NULL, bytes BLOB NOT NULL
) STRICT;
CREATE TABLE step_number (
  journey TEXT NOT NULL, identity TEXT NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (journey, identity)
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// What version 2 has beside the tables of version 1.
constexpr const char* kTablesOf2 = R"sql(
CREATE TABLE field_value (
  shard INTEGER NOT NULL, field INTEGER NOT NULL, value BLOB NOT NULL,
  user_shard INTEGER NOT NULL, user_number INTEGER NOT NULL,
  PRIMARY KEY (shard, field, value, user_shard, user_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE fan_out (
  number INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (number, part)
) STRICT, WITHOUT ROWID;
)sql";

// What version 3 has: what is due lies in due order. Before, each shard had an order of its own.
constexpr const char* kDueOrder = R"sql(
CREATE TABLE timer (
  due INTEGER NOT NULL, shard INTEGER NOT NULL, user_number INTEGER NOT NULL,
  enrollment INTEGER NOT NULL,
  PRIMARY KEY (due, shard, user_number, enrollment)
) STRICT, WITHOUT ROWID;
)sql";

// What version 4 has: what is planned lies in due order lane by lane. Before, all lanes were one
// queue; whose lane that was, only the bodies say, so all that lay there begins in lane 0.
constexpr const char* kLanes = R"sql(
ALTER TABLE delivery ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN deadline INTEGER;
DROP INDEX IF EXISTS delivery_planned;
CREATE INDEX delivery_planned ON delivery (lane, next_attempt, shard, user_number, message)
  WHERE next_attempt IS NOT NULL;
CREATE INDEX delivery_deadline ON delivery (deadline, shard, user_number, message)
  WHERE deadline IS NOT NULL;
)sql";

void create(Connection& connection, std::int64_t page_bytes) {
  connection.execute(fmt::format("PRAGMA page_size={}", page_bytes).c_str());
  connection.execute("PRAGMA journal_mode=WAL");
  connection.execute("BEGIN IMMEDIATE");
  connection.execute(kTables);
  connection.execute(kTablesOf2);
  connection.execute(kDueOrder);
  connection.execute(kLanes);
  connection.execute(fmt::format("PRAGMA application_id={}", kApplicationId).c_str());
  connection.execute(fmt::format("PRAGMA user_version={}", kSchemaVersion).c_str());
  connection.execute("COMMIT");
}

void put_timers_in_due_order(Connection& connection) {
  connection.execute("ALTER TABLE timer RENAME TO timer_by_shard");
  connection.execute(kDueOrder);
  connection.execute(
      "INSERT INTO timer (due, shard, user_number, enrollment)"
      " SELECT due, shard, user_number, enrollment FROM timer_by_shard ORDER BY 1, 2, 3, 4");
  connection.execute("DROP TABLE timer_by_shard");
}

// All of it or none: the version is part of the transaction.
void upgrade(Connection& connection, std::int64_t from) {
  connection.execute("BEGIN IMMEDIATE");
  if (from < 2) connection.execute(kTablesOf2);
  if (from < 3) put_timers_in_due_order(connection);
  connection.execute(kLanes);
  connection.execute(fmt::format("PRAGMA user_version={}", kSchemaVersion).c_str());
  connection.execute("COMMIT");
}

// What a file says of itself, read without a change to it.
struct Look {
  bool empty = false;
  std::int64_t version = 0;
};

base::Result<Look> look_at(Connection& connection) {
  // Until the file is known to be ours, closing must not copy a log into it. One
  // that is empty was made by looking, and goes away in closing.
  connection.checkpoint_on_close(false);
  const std::int64_t application = connection.ask_integer("PRAGMA application_id");
  const std::int64_t version = connection.ask_integer("PRAGMA user_version");
  const std::int64_t objects = connection.ask_integer("SELECT count(*) FROM sqlite_schema");
  if (!connection.ok()) return tl::unexpected(connection.error());
  if (connection.log_is_empty()) connection.checkpoint_on_close(true);
  const bool empty = application == 0 && version == 0 && objects == 0;
  if (!empty && application != kApplicationId) {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("`{}` is not a Sojourn store", connection.path()),
                         "choose another path, or move the file away");
  }
  if (version > kSchemaVersion) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("store `{}` has schema version {}, and this program knows versions up to {}",
                    connection.path(), version, kSchemaVersion),
        "use the newer program that wrote it; the file was not changed");
  }
  if (auto sound = check_log(connection.path() + "-wal"); !sound) {
    return tl::unexpected(sound.error());
  }
  return Look{empty, version};
}

}  // namespace

base::Status prepare_schema(Connection& connection, std::int64_t page_bytes) {
  const auto look = look_at(connection);
  if (!look) return tl::unexpected(look.error());
  connection.checkpoint_on_close(true);
  renew_log(connection);
  if (look->empty) {
    create(connection, page_bytes);
  } else if (look->version < kSchemaVersion) {
    upgrade(connection, look->version);
  }
  return connection.status();
}

base::Status expect_schema(Connection& connection) {
  const auto look = look_at(connection);
  if (!look) return tl::unexpected(look.error());
  if (look->empty) {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("`{}` is empty: there is no store in it", connection.path()),
                         "look at [store] path in sojourn.toml");
  }
  if (look->version < kSchemaVersion) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("store `{}` has schema version {}, and only version {} can be looked through",
                    connection.path(), look->version, kSchemaVersion),
        "a daemon of this program takes it over when it starts; the file was not changed");
  }
  return {};
}

}  // namespace sojourn::store
