#include "tests/unit/runtime/store/stored_cells.h"

#include <fmt/format.h>
#include <memory>
#include <sqlite3.h>

#include "base/check.h"

namespace sojourn::store {
namespace {

// Where our bytes stand: table, column, and the columns of its key.
struct Place {
  const char* table;
  const char* column;
  std::vector<const char*> key;
};
const std::vector<Place>& places() {
  static const std::vector<Place> all = {
      {"user_row", "body", {"shard", "user_number", "kind", "number"}},
      {"delivery", "body", {"shard", "user_number", "message"}},
      {"fan_out", "body", {"number", "part"}},
      {"graph", "bytes", {"version"}},
      {"setting", "value", {"name"}},
  };
  return all;
}

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Database open(const std::string& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open(path.c_str(), &database);
  Database owned(database);
  return code == SQLITE_OK ? std::move(owned) : Database();
}

// Null when the text cannot be understood, as in a database that is damaged.
Statement prepare(sqlite3& database, const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(&database, text.c_str(), -1, &statement, nullptr);
  return Statement(statement);
}

std::string text_of(sqlite3_stmt& statement, int column) {
  const void* bytes = sqlite3_column_blob(&statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(&statement, column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void gather(sqlite3& database, const Place& place, std::vector<Cell>& into) {
  std::string query = fmt::format("SELECT {}", place.column);
  for (const char* key : place.key) query += fmt::format(", quote({})", key);
  query += fmt::format(" FROM {} ORDER BY {}", place.table, fmt::join(place.key, ", "));
  const Statement rows = prepare(database, query);
  SOJOURN_CHECK(rows != nullptr, "the tables are those of schema.cpp");
  while (sqlite3_step(rows.get()) == SQLITE_ROW) {
    Cell cell{place.table, place.column, {}, text_of(*rows, 0)};
    for (std::size_t i = 0; i < place.key.size(); ++i) {
      const std::string value = text_of(*rows, static_cast<int>(i) + 1);
      cell.where += fmt::format("{}{} = {}", i == 0 ? "" : " AND ", place.key[i], value);
    }
    into.push_back(std::move(cell));
  }
}

}  // namespace

std::vector<Cell> stored_cells(const std::string& path) {
  const Database database = open(path);
  SOJOURN_CHECK(database != nullptr, "a store's file is a database");
  std::vector<Cell> all;
  for (const Place& place : places()) gather(*database, place, all);
  return all;
}

base::Status replace_cell(const std::string& path, const Cell& cell, std::string_view body) {
  const auto failed = [&] {
    return base::failure(base::Error::Kind::kInvalid, fmt::format("{} is no database", path));
  };
  const Database database = open(path);
  if (!database) return failed();
  const Statement update = prepare(
      *database, fmt::format("UPDATE {} SET {} = ? WHERE {}", cell.table, cell.column, cell.where));
  if (!update) return failed();
  sqlite3_bind_blob(update.get(), 1, body.data(), static_cast<int>(body.size()), SQLITE_TRANSIENT);
  if (sqlite3_step(update.get()) != SQLITE_DONE) return failed();
  return {};
}

}  // namespace sojourn::store
