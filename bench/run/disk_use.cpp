#include "bench/run/disk_use.h"

#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <sqlite3.h>

namespace sojourn::bench {
namespace {

const std::set<std::string, std::less<>> kPersonParts = {
    "identity", "timer",   "user_row 0", "user_row 1",  // the daemon: head, enrollment
    "entered",  "waiting",                              // the floor
};

bool is_database(const std::filesystem::path& path) {
  std::string head(15, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), 15);
  return head == "SQLite format 3";
}

using Row = std::function<void(sqlite3_stmt*)>;

base::Status query(sqlite3* db, const char* sql, const Row& on_row) {
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(db, sql, -1, &raw, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
  if (code == SQLITE_OK) {
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) on_row(raw);
  }
  if (code == SQLITE_DONE) return {};
  return base::failure(
      base::Error::Kind::kInvalid,
      fmt::format("cannot measure `{}`: {}", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db)));
}

std::string text(sqlite3_stmt* row, int column) {
  return reinterpret_cast<const char*>(sqlite3_column_text(row, column));
}

// Divides the pages of `user_row` by kind: each row counts its body and 15 bytes.
base::Status divide_user_rows(sqlite3* db, std::map<std::string, double>& parts) {
  const auto table = parts.extract("user_row");
  if (table.empty()) return {};
  std::map<std::string, double> weights;
  double total = 0;
  const auto counted = query(db, "select kind, sum(length(body) + 15) from user_row group by kind",
                             [&](sqlite3_stmt* row) {
                               weights["user_row " + text(row, 0)] = sqlite3_column_double(row, 1);
                               total += sqlite3_column_double(row, 1);
                             });
  for (const auto& [name, weight] : weights) parts[name] = table.mapped() * weight / total;
  return counted;
}

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

base::Result<Database> open(const std::filesystem::path& path) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database db(raw, sqlite3_close);
  if (code == SQLITE_OK) return db;
  return base::failure(base::Error::Kind::kUnavailable,
                       fmt::format("cannot open `{}`", path.string()));
}

base::Status add_file(const std::filesystem::path& path, std::map<std::string, double>& out) {
  const auto opened = open(path);
  if (!opened) return tl::unexpected(opened.error());
  sqlite3* const raw = opened->get();
  std::map<std::string, double> parts;
  auto read =
      query(raw,
            "select coalesce(tbl_name, d.name), sum(pgsize) from dbstat d"
            " left join sqlite_schema s on s.name = d.name where aggregate = 1 group by 1",
            [&](sqlite3_stmt* row) { parts[text(row, 0)] = sqlite3_column_double(row, 1); });
  if (!read) return read;
  if (auto divided = divide_user_rows(raw, parts); !divided) return divided;
  for (const auto& [name, bytes] : parts) out[name] += bytes;
  return {};
}

}  // namespace

double DiskUse::person_bytes() const {
  double sum = 0;
  for (const auto& [name, bytes] : by_part) sum += kPersonParts.contains(name) ? bytes : 0;
  return sum;
}

double DiskUse::other_bytes() const {
  double sum = 0;
  for (const auto& [name, bytes] : by_part) sum += kPersonParts.contains(name) ? 0 : bytes;
  return sum;
}

base::Result<std::uint64_t> count_rows(const std::filesystem::path& database,
                                       const std::vector<std::string>& tables) {
  const auto opened = open(database);
  if (!opened) return tl::unexpected(opened.error());
  std::uint64_t rows = 0;
  for (const auto& table : tables) {
    const auto counted = query(opened->get(), fmt::format("select count(*) from {}", table).c_str(),
                               [&](sqlite3_stmt* row) {
                                 rows += static_cast<std::uint64_t>(sqlite3_column_int64(row, 0));
                               });
    if (!counted) return tl::unexpected(counted.error());
  }
  return rows;
}

base::Result<DiskUse> disk_use(const std::filesystem::path& data_dir) {
  DiskUse out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_dir)) {
    if (!entry.is_regular_file()) continue;
    if (!is_database(entry.path())) {
      out.by_part["other files"] += static_cast<double>(entry.file_size());
      continue;
    }
    if (auto added = add_file(entry.path(), out.by_part); !added) {
      return tl::unexpected(added.error());
    }
  }
  return out;
}

}  // namespace sojourn::bench
