// What turns a store of this version into one as an older program left it, from version to version
// down: each text is for a file that the one before it has made older already.
#pragma once

namespace sojourn::store {

// What is planned lay in one queue for all lanes.
inline constexpr const char* kOneQueue = R"sql(
DROP INDEX delivery_planned;
DROP INDEX delivery_deadline;
ALTER TABLE delivery DROP COLUMN lane;
ALTER TABLE delivery DROP COLUMN deadline;
CREATE INDEX delivery_planned ON delivery (next_attempt, shard, user_number, message)
  WHERE next_attempt IS NOT NULL;
PRAGMA user_version=3;
)sql";

// Before that, what is due lay in an order of each shard's own.
inline constexpr const char* kDueByShard = R"sql(
DROP INDEX delivery_planned;
CREATE INDEX delivery_planned ON delivery (shard, next_attempt, user_number, message)
  WHERE next_attempt IS NOT NULL;
CREATE TABLE due AS SELECT * FROM timer;
DROP TABLE timer;
CREATE TABLE timer (
  shard INTEGER NOT NULL, due INTEGER NOT NULL, user_number INTEGER NOT NULL,
  enrollment INTEGER NOT NULL,
  PRIMARY KEY (shard, due, user_number, enrollment)
) STRICT, WITHOUT ROWID;
INSERT INTO timer SELECT shard, due, user_number, enrollment FROM due;
DROP TABLE due;
PRAGMA user_version=2;
)sql";

// Before that, no event was for many.
inline constexpr const char* kNoFanOuts =
    "DROP TABLE field_value; DROP TABLE fan_out; PRAGMA user_version=1";

}  // namespace sojourn::store
