#include "runtime/store/sqlite.h"

#include <filesystem>
#include <fmt/core.h>
#include <mutex>
#include <sqlite3.h>

#include "base/check.h"

namespace sojourn::store {

namespace {

base::Error describe(const std::string& path, std::string_view doing, int code,
                     const char* detail) {
  base::Error error{
      base::Error::Kind::kFatal,
      fmt::format("store `{}`: cannot {}: {} (SQLite code {})", path, doing, detail, code),
      {}};
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      error.kind = base::Error::Kind::kUnavailable;
      error.message = fmt::format("store `{}` is in use by another process", path);
      error.hint = "stop the other process; one daemon at a time may have a store open";
      break;
    case SQLITE_CANTOPEN:
      error.kind = base::Error::Kind::kInvalid;
      error.hint = "the directory must exist and be writable, with an inode to spare (`df -i`)";
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      error.kind = base::Error::Kind::kInvalid;
      error.hint = "the file and its directory must be writable by this user";
      break;
    case SQLITE_NOTADB:
      error.kind = base::Error::Kind::kInvalid;
      error.message = fmt::format("`{}` is not a Sojourn store", path);
      error.hint = "choose another path, or move the file away";
      break;
    case SQLITE_FULL:
      error.hint = "free disk space, then start again";
      break;
    case SQLITE_CORRUPT:
      error.hint = "the file is damaged; keep it, and start from a backup";
      break;
    default:
      error.hint = "see the system log for disk errors; nothing acknowledged is lost by stopping";
  }
  return error;
}

int note_log_pages(void* counter, sqlite3*, const char*, int pages) {
  *static_cast<std::int64_t*>(counter) = pages;
  return SQLITE_OK;
}

}  // namespace

// Counting allocations takes a lock per allocation, which costs a store about 7 %
// of its time.
void prepare_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

base::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path,
                                                           const char* vfs) {
  std::unique_ptr<Connection> connection(new Connection(path));
  const int code =
      sqlite3_open_v2(path.c_str(), &connection->db_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, vfs);
  if (code != SQLITE_OK) {
    connection->fail(code, "open it");
    return tl::unexpected(connection->error());
  }
  sqlite3_extended_result_codes(connection->db_, 1);
  // A file that may only be read is opened all the same; what comes of it would be an error of a
  // lock.
  if (sqlite3_db_readonly(connection->db_, "main") == 1) {
    connection->fail(SQLITE_READONLY, "write to it");
    return tl::unexpected(connection->error());
  }
  return connection;
}

Connection::~Connection() {
  if (error_) checkpoint_on_close(false);
  // Statements must be gone by now: only then does this really close.
  const int code = sqlite3_close(db_);
  SOJOURN_CHECK(code != SQLITE_BUSY, "every statement is finalized before its connection closes");
}

base::Status Connection::status() const {
  if (error_) return tl::unexpected(*error_);
  return {};
}

void Connection::execute(const char* sql) {
  if (error_) return;
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, sql);
}

std::int64_t Connection::ask_integer(const char* sql) {
  Statement statement(*this, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

std::string Connection::ask_text(const char* sql) {
  Statement statement(*this, sql);
  Query query(statement);
  return query.next() ? std::string(query.bytes(0)) : std::string();
}

void Connection::tell_progress(std::function<void()> goes_on) {
  goes_on_ = std::move(goes_on);
  if (!goes_on_) return sqlite3_progress_handler(db_, 0, nullptr, nullptr);
  constexpr auto kTell = [](void* connection) {
    static_cast<Connection*>(connection)->goes_on_();
    return SQLITE_OK;
  };
  sqlite3_progress_handler(db_, kStepsOfProgress, kTell, this);
}

std::size_t Connection::changes() const {
  return error_ ? 0 : static_cast<std::size_t>(sqlite3_changes64(db_));
}

void Connection::checkpoint_on_close(bool wanted) {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
}

bool Connection::log_is_empty() const {
  std::error_code missing;
  const auto size_bytes = std::filesystem::file_size(path_ + "-wal", missing);
  return missing || size_bytes == 0;
}

void Connection::watch_log() {
  page_bytes_ = ask_integer("PRAGMA page_size");
  sqlite3_wal_hook(db_, note_log_pages, &log_pages_);
}

void Connection::checkpoint(bool cut) {
  if (error_) return;
  int left = 0;
  int copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(
      db_, nullptr, cut ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &left, &copied);
  if (code != SQLITE_OK) return fail(code, "copy the log into the database");
  SOJOURN_CHECK(left == copied, "with one connection, a checkpoint copies the whole log");
  log_pages_ = 0;
}

void Connection::drop_cache() {
  if (error_) return;
  const int code = sqlite3_db_release_memory(db_);
  if (code != SQLITE_OK) fail(code, "drop the pages in memory");
}

void Connection::fail(int code, std::string_view doing) {
  if (error_) return;
  error_ =
      describe(path_, doing, code, db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code));
}

Statement::Statement(Connection& connection, const char* sql) : connection_(connection), sql_(sql) {
  if (!connection.ok()) return;
  const int code = sqlite3_prepare_v3(connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &handle_, nullptr);
  if (code != SQLITE_OK) connection.fail(code, sql);
}

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

Query::~Query() {
  sqlite3_reset(statement_.handle_);
}

bool Query::next() {
  if (!statement_.connection_.ok()) return false;
  const int code = sqlite3_step(statement_.handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) statement_.connection_.fail(code, statement_.sql_);
  return false;
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_.handle_, column);
}

std::string_view Query::bytes(int column) const {
  // The pointer must be asked for before the size: asking may convert the value.
  const void* data = sqlite3_column_blob(statement_.handle_, column);
  const int size = sqlite3_column_bytes(statement_.handle_, column);
  return data == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_.handle_, column) == SQLITE_NULL;
}

// A failed bind (a value beyond SQLite's 1 GB) must not let an old value through,
// so it is as final as a failed step.
void Query::bind(int place, std::int64_t value) {
  if (!statement_.connection_.ok()) return;
  const int code = sqlite3_bind_int64(statement_.handle_, place, value);
  if (code != SQLITE_OK) statement_.connection_.fail(code, statement_.sql_);
}

void Query::bind(int place, Text value) {
  if (!statement_.connection_.ok()) return;
  // A null pointer would be bound as null, not as an empty text.
  const char* data = value.value.empty() ? "" : value.value.data();
  const int code = sqlite3_bind_text64(statement_.handle_, place, data, value.value.size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) statement_.connection_.fail(code, statement_.sql_);
}

void Query::bind(int place, Blob value) {
  if (!statement_.connection_.ok()) return;
  const char* data = value.value.empty() ? "" : value.value.data();
  const int code =
      sqlite3_bind_blob64(statement_.handle_, place, data, value.value.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) statement_.connection_.fail(code, statement_.sql_);
}

void Query::bind(int place, const std::optional<std::int64_t>& value) {
  if (value) return bind(place, *value);
  if (!statement_.connection_.ok()) return;
  const int code = sqlite3_bind_null(statement_.handle_, place);
  if (code != SQLITE_OK) statement_.connection_.fail(code, statement_.sql_);
}

}  // namespace sojourn::store
