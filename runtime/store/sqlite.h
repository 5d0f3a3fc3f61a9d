// A thin skin over SQLite's C interface: a connection, prepared statements and
// their runs. No exceptions and no error codes to pass around: the first error is
// kept by the connection, and from then on every statement of it finds no rows
// and does nothing. Callers do their work, then look at `ok()` once.
//
// Not thread-safe: a connection and all that hangs on it belong to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sojourn::store {

// Settings of the library itself. Call before anything else of SQLite; later it
// has no effect and does no harm.
void prepare_sqlite();

class Connection {
 public:
  // Opens or creates `path` through the VFS named `vfs`. Nothing is read yet.
  static base::Result<std::unique_ptr<Connection>> open(const std::string& path, const char* vfs);
  // Copies the log into the database, unless an error came first or `checkpoint_on_close` says no.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool ok() const { return !error_; }
  // The first error; only when not ok.
  const base::Error& error() const { return *error_; }
  base::Status status() const;

  // SQL without arguments, whose rows do not matter.
  void execute(const char* sql);
  // The first column of the first row; 0 without a row.
  std::int64_t ask_integer(const char* sql);
  std::string ask_text(const char* sql);

  // Rows changed by the last statement.
  std::size_t changes() const;

  // Whether closing copies the log into the database and deletes it (the default).
  void checkpoint_on_close(bool wanted);
  // Whether the log's file holds nothing; only while the file lock is held.
  bool log_is_empty() const;
  // Length of the log after the last commit.
  std::int64_t log_bytes() const { return log_pages_ * (page_bytes_ + kFrameHeaderBytes); }
  // Copies the whole log into the database; the next commit starts at its front.
  // `cut`: the log's file is also cut to nothing.
  void checkpoint(bool cut);
  // Frees the pages in memory that no statement is using; they are read again when wanted.
  void drop_cache();
  // Calls it from within statements that take long, after each kStepsOfProgress or so of SQLite's
  // instructions: by work that was done, so never while a statement stands. Empty: not any more.
  void tell_progress(std::function<void()> goes_on);
  // Must be called once the page size is settled.
  void watch_log();

  // Remembers the failure of `doing` with SQLite's result code, if it is the first.
  void fail(int code, std::string_view doing);
  const std::string& path() const { return path_; }
  sqlite3* handle() const { return db_; }

 private:
  static constexpr std::int64_t kFrameHeaderBytes = 24;
  // A few milliseconds from memory; from a slow disk, with a page for each row, under a minute.
  static constexpr int kStepsOfProgress = 50'000;

  explicit Connection(std::string path) : path_(std::move(path)) {}

  std::string path_;
  sqlite3* db_ = nullptr;
  std::optional<base::Error> error_;
  std::int64_t page_bytes_ = 0;
  std::int64_t log_pages_ = 0;
  std::function<void()> goes_on_;
};

// A prepared statement. Run it with `Query` or `run`.
class Statement {
 public:
  // `sql` must outlive the statement (a literal).
  Statement(Connection& connection, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

 private:
  friend class Query;
  Connection& connection_;
  const char* sql_;
  sqlite3_stmt* handle_ = nullptr;
};

struct Text {
  std::string_view value;
};
struct Blob {
  std::string_view value;
};

// One run of a statement. The arguments are bound without a copy, so what they
// view must outlive the run. The statement is free again when the run goes out
// of scope; until then it keeps the log from restarting.
class Query {
 public:
  template <typename... Args>
  explicit Query(Statement& statement, const Args&... args) : statement_(statement) {
    bind_next(args...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Binds the arguments that come after those bound so far. Before the first `next`.
  template <typename... Args>
  void bind_next(const Args&... args) {
    (bind(++bound_, args), ...);
  }

  // True while there is a row; false at the end and after an error.
  bool next();
  // Columns of the row, from 0. Views are valid until `next`.
  std::int64_t integer(int column) const;
  std::string_view bytes(int column) const;
  bool is_null(int column) const;

 private:
  void bind(int place, std::int64_t value);
  void bind(int place, Text value);
  void bind(int place, Blob value);
  void bind(int place, const std::optional<std::int64_t>& value);

  Statement& statement_;
  int bound_ = 0;
};

// Runs a statement that gives no rows.
template <typename... Args>
void run(Statement& statement, const Args&... args) {
  Query query(statement, args...);
  query.next();
}

}  // namespace sojourn::store
