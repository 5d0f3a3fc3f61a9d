#include "runtime/store/log_renewal.h"

#include <algorithm>
#include <sqlite3.h>
#include <vector>

#include "runtime/store/sqlite.h"

namespace sojourn::store {
namespace {

constexpr sqlite3_int64 kPartBytes = 64 * 1024;

// Null: the file has no log, as one has that is made just now.
sqlite3_file* log_of(Connection& connection) {
  sqlite3_file* log = nullptr;
  const int code =
      sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  return code == SQLITE_OK && log != nullptr && log->pMethods != nullptr ? log : nullptr;
}

int write_again(sqlite3_file* log, sqlite3_int64 size) {
  std::vector<char> part(static_cast<std::size_t>(kPartBytes));
  for (sqlite3_int64 at = 0; at < size; at += kPartBytes) {
    const int bytes = static_cast<int>(std::min(kPartBytes, size - at));
    int code = log->pMethods->xRead(log, part.data(), bytes, at);
    if (code == SQLITE_OK) code = log->pMethods->xWrite(log, part.data(), bytes, at);
    if (code != SQLITE_OK) return code;
  }
  return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
}

}  // namespace

void renew_log(Connection& connection) {
  if (!connection.ok()) return;
  sqlite3_file* log = log_of(connection);
  if (log == nullptr) return;
  sqlite3_int64 size = 0;
  int code = log->pMethods->xFileSize(log, &size);
  if (code == SQLITE_OK && size > 0) code = write_again(log, size);
  if (code != SQLITE_OK) connection.fail(code, "write the log again");
}

}  // namespace sojourn::store
