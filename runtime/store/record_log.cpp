#include "runtime/store/record_log.h"

#include <array>
#include <fmt/core.h>
#include <sqlite3.h>

namespace sojourn::store {
namespace {

using base::Error;

// "SjRL": tells our file from any other SQLite file.
constexpr int kApplicationId = 0x536a524c;
constexpr int kVersion = 1;

constexpr const char* kSchema = R"sql(
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
)sql";

constexpr std::string_view kColumns = "sequence, copy, kind, topic, key, subject, time, body";

// A statement in use: bound by place, reset at the end of the scope.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  Use& integer(int place, std::int64_t value) {
    sqlite3_bind_int64(statement_, place, value);
    return *this;
  }
  // The text must outlive the use.
  Use& text(int place, std::string_view value) {
    sqlite3_bind_text(statement_, place, value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
    return *this;
  }
  Use& blob(int place, std::string_view value) {
    sqlite3_bind_blob(statement_, place, value.empty() ? "" : value.data(),
                      static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  int step() { return sqlite3_step(statement_); }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
  }

 private:
  sqlite3_stmt* statement_;
};

LoggedRecord logged(const Use& row) {
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

}  // namespace

struct RecordLog::Connection {
  std::string path;
  sqlite3* db = nullptr;
  bool in_transaction = false;
  sqlite3_stmt* append = nullptr;
  sqlite3_stmt* copies = nullptr;
  sqlite3_stmt* newest = nullptr;

  ~Connection() {
    for (sqlite3_stmt* statement : {append, copies, newest}) sqlite3_finalize(statement);
    sqlite3_close(db);
  }

  tl::unexpected<Error> failed(std::string_view doing) const {
    const int code = sqlite3_errcode(db);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      return base::failure(Error::Kind::kUnavailable,
                           fmt::format("record file `{}` is in use by another process", path),
                           "stop that process or name another file");
    }
    return base::failure(Error::Kind::kFatal, fmt::format("record file `{}`: {} failed: {}", path,
                                                          doing, sqlite3_errmsg(db)));
  }

  base::Status run(const char* sql, std::string_view doing) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed(doing);
    return {};
  }

  base::Status prepare(sqlite3_stmt*& statement, const std::string& sql) {
    constexpr unsigned kPersistent = SQLITE_PREPARE_PERSISTENT;
    if (sqlite3_prepare_v3(db, sql.c_str(), -1, kPersistent, &statement, nullptr) != SQLITE_OK) {
      return failed("preparing");
    }
    return {};
  }

  base::Result<std::int64_t> pragma(const std::string& name) {
    sqlite3_stmt* statement = nullptr;
    if (auto prepared = prepare(statement, "PRAGMA " + name); !prepared) {
      return tl::unexpected(prepared.error());
    }
    const int stepped = sqlite3_step(statement);
    const std::int64_t value = stepped == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (stepped != SQLITE_ROW) return failed("reading " + name);
    return value;
  }

  base::Status check_kind_of_file();
  base::Status set_up();
};

// Before anything is written: the file is ours, or has nothing in it.
base::Status RecordLog::Connection::check_kind_of_file() {
  const auto application = pragma("application_id");
  const auto version = pragma("user_version");
  const auto pages = pragma("page_count");
  for (const auto* read : {&application, &version, &pages}) {
    if (!*read) return tl::unexpected(read->error());
  }
  const bool empty = *pages == 0;
  if (!empty && *application != kApplicationId) {
    return base::failure(Error::Kind::kConflict, fmt::format("`{}` is not a record file", path),
                         "name another file");
  }
  if (*version > kVersion) {
    return base::failure(Error::Kind::kConflict,
                         fmt::format("record file `{}` has version {}; this program knows {}", path,
                                     *version, kVersion),
                         "use the newer program");
  }
  return {};
}

base::Status RecordLog::Connection::set_up() {
  if (auto status = run("PRAGMA locking_mode=EXCLUSIVE", "locking"); !status) return status;
  if (auto status = check_kind_of_file(); !status) return status;
  if (auto status = run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                        "PRAGMA secure_delete=OFF; PRAGMA cache_size=-16384",
                        "setting up");
      !status) {
    return status;
  }
  const auto version = pragma("user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version == 0) {
    const std::string create =
        fmt::format("BEGIN EXCLUSIVE; {} PRAGMA application_id={}; PRAGMA user_version={}; COMMIT",
                    kSchema, kApplicationId, kVersion);
    if (auto status = run(create.c_str(), "creating"); !status) return status;
  }
  if (auto status = prepare(append,
                            "INSERT INTO record(kind, topic, key, copy, subject, time, body) "
                            "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
      !status) {
    return status;
  }
  if (auto status =
          prepare(copies, "SELECT max(copy) FROM record WHERE kind=?1 AND key=?2 AND key <> ''");
      !status) {
    return status;
  }
  return prepare(newest, fmt::format("SELECT {} FROM record WHERE kind=?1 AND subject=?2 "
                                     "ORDER BY sequence DESC LIMIT 1",
                                     kColumns));
}

RecordLog::RecordLog(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

RecordLog::~RecordLog() {
  static_cast<void>(flush());
}

base::Result<std::unique_ptr<RecordLog>> RecordLog::open(const std::string& path) {
  auto connection = std::make_unique<Connection>();
  connection->path = path;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &connection->db, kFlags, nullptr) != SQLITE_OK) {
    return base::failure(
        Error::Kind::kNotFound,
        fmt::format("cannot open record file `{}`: {}", path, sqlite3_errmsg(connection->db)),
        "check that its folder exists and may be written to");
  }
  if (auto status = connection->set_up(); !status) return tl::unexpected(status.error());
  return std::unique_ptr<RecordLog>(new RecordLog(std::move(connection)));
}

base::Result<RecordPlace> RecordLog::append(const Record& record) {
  Connection& c = *connection_;
  if (!c.in_transaction) {
    if (auto status = c.run("BEGIN", "beginning"); !status) return tl::unexpected(status.error());
    c.in_transaction = true;
  }
  RecordPlace out;
  if (!record.key.empty()) {
    const auto before = copies(record.kind, record.key);
    if (!before) return tl::unexpected(before.error());
    out.copy = *before + 1;
  }
  Use use(c.append);
  use.integer(1, record.kind).text(2, record.topic).text(3, record.key).integer(4, out.copy);
  use.text(5, record.subject).integer(6, record.time.millis).blob(7, record.body);
  if (use.step() != SQLITE_DONE) return c.failed("appending");
  out.sequence = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(c.db));
  return out;
}

base::Status RecordLog::flush() {
  Connection& c = *connection_;
  if (!c.in_transaction) return {};
  c.in_transaction = false;
  const auto status = c.run("COMMIT", "committing");
  if (!status && sqlite3_get_autocommit(c.db) == 0) {
    static_cast<void>(c.run("ROLLBACK", "rolling back"));
  }
  return status;
}

base::Result<std::vector<LoggedRecord>> RecordLog::read(const RecordQuery& query) {
  Connection& c = *connection_;
  std::string sql = fmt::format("SELECT {} FROM record WHERE kind=?1 AND sequence>?2", kColumns);
  // The partial index is used only when the condition is repeated.
  if (query.key) sql += " AND key=?3 AND key <> ''";
  if (query.subject) sql += " AND subject=?4";
  sql += " ORDER BY sequence LIMIT ?5";
  sqlite3_stmt* statement = nullptr;
  if (auto prepared = c.prepare(statement, sql); !prepared) {
    return tl::unexpected(prepared.error());
  }
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  Use use(statement);
  use.integer(1, query.kind).integer(2, static_cast<std::int64_t>(query.after));
  if (query.key) use.text(3, *query.key);
  if (query.subject) use.text(4, *query.subject);
  use.integer(5, static_cast<std::int64_t>(query.limit));
  std::vector<LoggedRecord> out;
  int stepped = use.step();
  for (; stepped == SQLITE_ROW; stepped = use.step()) out.push_back(logged(use));
  if (stepped != SQLITE_DONE) return c.failed("reading");
  return out;
}

base::Result<std::optional<LoggedRecord>> RecordLog::newest(std::uint8_t kind,
                                                            std::string_view subject) {
  Use use(connection_->newest);
  use.integer(1, kind).text(2, subject);
  const int stepped = use.step();
  if (stepped == SQLITE_DONE) return std::nullopt;
  if (stepped != SQLITE_ROW) return connection_->failed("reading");
  return logged(use);
}

base::Result<std::uint32_t> RecordLog::copies(std::uint8_t kind, std::string_view key) {
  Use use(connection_->copies);
  use.integer(1, kind).text(2, key);
  if (use.step() != SQLITE_ROW) return connection_->failed("looking for copies");
  return static_cast<std::uint32_t>(use.integer(0));
}

base::Result<std::vector<RecordTally>> RecordLog::tallies() {
  Connection& c = *connection_;
  sqlite3_stmt* statement = nullptr;
  const std::string sql =
      "SELECT kind, topic, count(*), sum(copy > 1) FROM record GROUP BY kind, topic "
      "ORDER BY kind, topic";
  if (auto prepared = c.prepare(statement, sql); !prepared) {
    return tl::unexpected(prepared.error());
  }
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  Use use(statement);
  std::vector<RecordTally> out;
  int stepped = use.step();
  for (; stepped == SQLITE_ROW; stepped = use.step()) {
    out.push_back({static_cast<std::uint8_t>(use.integer(0)), use.bytes(1),
                   static_cast<std::uint64_t>(use.integer(2)),
                   static_cast<std::uint64_t>(use.integer(3))});
  }
  if (stepped != SQLITE_DONE) return c.failed("counting");
  return out;
}

}  // namespace sojourn::store
