#include "runtime/store/record_log.h"

#include <fmt/core.h>

#include "runtime/store/sqlite.h"

namespace sojourn::store {
namespace {

using base::Error;

// "SjRL": tells this file from the store's and from any other.
constexpr std::int64_t kApplicationId = 0x536a524c;
constexpr std::int64_t kVersion = 1;

constexpr const char* kCreate = R"sql(
BEGIN EXCLUSIVE;
CREATE TABLE record(
  sequence INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  topic TEXT NOT NULL,
  key TEXT NOT NULL,
  copy INTEGER NOT NULL,
  subject TEXT NOT NULL,
  time INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX record_by_key ON record(kind, key, copy) WHERE key <> '';
CREATE INDEX record_by_subject ON record(kind, subject);
PRAGMA application_id = 0x536a524c;
PRAGMA user_version = 1;
COMMIT;
)sql";

constexpr const char* kAppend =
    "INSERT INTO record(kind, topic, key, copy, subject, time, body) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING sequence";
// The partial index is used only when its condition is repeated.
constexpr const char* kCopies =
    "SELECT max(copy) FROM record WHERE kind = ?1 AND key = ?2 AND key <> ''";
constexpr const char* kNewest =
    "SELECT sequence, copy, kind, topic, key, subject, time, body FROM record "
    "WHERE kind = ?1 AND subject = ?2 ORDER BY sequence DESC LIMIT 1";
constexpr const char* kRead =
    "SELECT sequence, copy, kind, topic, key, subject, time, body FROM record "
    "WHERE kind = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";
constexpr const char* kReadByKey =
    "SELECT sequence, copy, kind, topic, key, subject, time, body FROM record "
    "WHERE kind = ?1 AND sequence > ?2 AND key = ?4 AND key <> '' ORDER BY sequence LIMIT ?3";
constexpr const char* kReadBySubject =
    "SELECT sequence, copy, kind, topic, key, subject, time, body FROM record "
    "WHERE kind = ?1 AND sequence > ?2 AND subject = ?4 ORDER BY sequence LIMIT ?3";
constexpr const char* kReadByBoth =
    "SELECT sequence, copy, kind, topic, key, subject, time, body FROM record "
    "WHERE kind = ?1 AND sequence > ?2 AND key = ?4 AND key <> '' AND subject = ?5 "
    "ORDER BY sequence LIMIT ?3";
constexpr const char* kTallies =
    "SELECT kind, topic, count(*), sum(copy > 1) FROM record GROUP BY kind, topic "
    "ORDER BY kind, topic";

LoggedRecord logged(const Query& row) {
  LoggedRecord out;
  out.place.sequence = static_cast<std::uint64_t>(row.integer(0));
  out.place.copy = static_cast<std::uint32_t>(row.integer(1));
  out.record.kind = static_cast<std::uint8_t>(row.integer(2));
  out.record.topic = row.bytes(3);
  out.record.key = row.bytes(4);
  out.record.subject = row.bytes(5);
  out.record.time = base::Instant{row.integer(6)};
  out.record.body = row.bytes(7);
  return out;
}

std::vector<LoggedRecord> all(Query& query) {
  std::vector<LoggedRecord> out;
  while (query.next()) out.push_back(logged(query));
  return out;
}

std::vector<LoggedRecord> read_all(Connection& db, const RecordQuery& query) {
  const std::int64_t kind = query.kind;
  const auto after = static_cast<std::int64_t>(query.after);
  const auto limit = static_cast<std::int64_t>(query.limit);
  if (query.key && query.subject) {
    Statement statement(db, kReadByBoth);
    Query rows(statement, kind, after, limit, Text{*query.key}, Text{*query.subject});
    return all(rows);
  }
  if (!query.key && !query.subject) {
    Statement statement(db, kRead);
    Query rows(statement, kind, after, limit);
    return all(rows);
  }
  Statement statement(db, query.key ? kReadByKey : kReadBySubject);
  Query rows(statement, kind, after, limit, Text{query.key ? *query.key : *query.subject});
  return all(rows);
}

// Looks before anything is written: the file is ours, or has nothing in it.
base::Status check_file(Connection& db) {
  db.execute("PRAGMA locking_mode = EXCLUSIVE");
  const std::int64_t application = db.ask_integer("PRAGMA application_id");
  const std::int64_t version = db.ask_integer("PRAGMA user_version");
  const bool is_new = db.ask_integer("PRAGMA page_count") == 0;
  if (!db.ok()) return db.status();
  if (!is_new && application != kApplicationId) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("`{}` is not a file of received requests", db.path()),
                         "name another file");
  }
  if (version > kVersion) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("`{}` was written by a newer Sojourn (version {}, this one "
                                     "knows {})",
                                     db.path(), version, kVersion),
                         "use that one, or name another file");
  }
  db.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF;"
      "PRAGMA cache_size = -16384");
  if (is_new) db.execute(kCreate);
  return db.status();
}

}  // namespace

struct RecordLog::Parts {
  explicit Parts(std::unique_ptr<Connection> connection) : db(std::move(connection)) {}

  std::unique_ptr<Connection> db;
  Statement append{*db, kAppend};
  Statement copies{*db, kCopies};
  Statement newest{*db, kNewest};
  bool in_transaction = false;
};

RecordLog::RecordLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

RecordLog::~RecordLog() {
  static_cast<void>(flush());
}

base::Result<std::unique_ptr<RecordLog>> RecordLog::open(const std::string& path) {
  auto db = Connection::open(path, nullptr);
  if (!db) return tl::unexpected(db.error());
  if (auto checked = check_file(**db); !checked) return tl::unexpected(checked.error());
  auto parts = std::make_unique<Parts>(std::move(*db));
  if (!parts->db->ok()) return tl::unexpected(parts->db->error());
  return std::unique_ptr<RecordLog>(new RecordLog(std::move(parts)));
}

base::Result<RecordPlace> RecordLog::append(const Record& record) {
  Parts& p = *parts_;
  if (!p.in_transaction) {
    p.db->execute("BEGIN");
    p.in_transaction = true;
  }
  RecordPlace place;
  if (!record.key.empty()) {
    const auto before = copies(record.kind, record.key);
    if (!before) return tl::unexpected(before.error());
    place.copy = *before + 1;
  }
  Query query(p.append, std::int64_t{record.kind}, Text{record.topic}, Text{record.key},
              std::int64_t{place.copy}, Text{record.subject}, record.time.millis,
              Blob{record.body});
  if (query.next()) place.sequence = static_cast<std::uint64_t>(query.integer(0));
  query.next();
  if (!p.db->ok()) return tl::unexpected(p.db->error());
  return place;
}

base::Status RecordLog::flush() {
  if (!parts_->in_transaction) return parts_->db->status();
  parts_->in_transaction = false;
  parts_->db->execute("COMMIT");
  return parts_->db->status();
}

base::Result<std::vector<LoggedRecord>> RecordLog::read(const RecordQuery& query) {
  std::vector<LoggedRecord> out = read_all(*parts_->db, query);
  if (!parts_->db->ok()) return tl::unexpected(parts_->db->error());
  return out;
}

base::Result<std::optional<LoggedRecord>> RecordLog::newest(std::uint8_t kind,
                                                            std::string_view subject) {
  std::optional<LoggedRecord> out;
  Query query(parts_->newest, std::int64_t{kind}, Text{subject});
  if (query.next()) out = logged(query);
  if (!parts_->db->ok()) return tl::unexpected(parts_->db->error());
  return out;
}

base::Result<std::uint32_t> RecordLog::copies(std::uint8_t kind, std::string_view key) {
  Query query(parts_->copies, std::int64_t{kind}, Text{key});
  const std::int64_t copies = query.next() ? query.integer(0) : 0;
  if (!parts_->db->ok()) return tl::unexpected(parts_->db->error());
  return static_cast<std::uint32_t>(copies);
}

base::Result<std::vector<RecordTally>> RecordLog::tallies() {
  std::vector<RecordTally> out;
  Statement statement(*parts_->db, kTallies);
  Query query(statement);
  while (query.next()) {
    out.push_back({static_cast<std::uint8_t>(query.integer(0)), std::string(query.bytes(1)),
                   static_cast<std::uint64_t>(query.integer(2)),
                   static_cast<std::uint64_t>(query.integer(3))});
  }
  if (!parts_->db->ok()) return tl::unexpected(parts_->db->error());
  return out;
}

}  // namespace sojourn::store
