#include "runtime/moved_logs.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "runtime/log_keeper.h"
#include "runtime/log_record.h"

namespace sojourn::runtime {
namespace {

using Records = std::vector<LogRecord>;
// Row by row, by what the commit that wrote it is numbered.
using Log = std::map<std::uint64_t, Records>;

constexpr auto kAll = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());

base::Result<std::vector<store::Row>> rows_of(store::UserId user, store::Store& store) {
  return store.rows(user, store::RowKind::kLog, kAll);
}

void add(Records& to, const Records& more) {
  std::ranges::copy(more, std::back_inserter(to));
  std::ranges::stable_sort(to, {}, &LogRecord::at);
}

base::Status take(const std::vector<store::Row>& rows, std::uint32_t added, Log& into) {
  for (std::size_t i = 0; i < std::min(rows.size(), kMaxLogRows); ++i) {
    auto records = decode_log(rows[i].body);
    if (!records) return tl::unexpected(records.error());
    for (LogRecord& record : *records) {
      if (record.enrollment != 0) record.enrollment += added;
    }
    add(into[rows[i].key.number], *records);
  }
  return {};
}

// A commit may have written a row of both.
base::Status write(store::UserId user, Log moved, store::Commit& commit, store::Store& store) {
  auto rows = rows_of(user, store);
  if (!rows) return tl::unexpected(rows.error());
  for (const store::Row& row : *rows) {
    const auto same = moved.find(row.key.number);
    if (same == moved.end()) continue;
    auto records = decode_log(row.body);
    if (!records) return tl::unexpected(records.error());
    add(same->second, *records);
  }
  for (const auto& [number, records] : moved) {
    commit.put_rows.push_back({{user, store::RowKind::kLog, number}, encode(records)});
  }
  return {};
}

}  // namespace

void MovedLogs::move(store::UserId from, store::UserId to, std::uint32_t added) {
  for (Move& before : moves_) {
    if (before.to != from) continue;
    before.to = to;
    before.added += added;
  }
  moves_.push_back({from, to, added});
}

void MovedLogs::erase(store::UserId user) {
  for (Move& move : moves_) move.is_erased |= move.to == user;
}

base::Status MovedLogs::write_to(store::Commit& commit, store::Store& store) const {
  std::map<store::UserId, Log> logs;
  for (const Move& move : moves_) {
    auto rows = rows_of(move.from, store);
    if (!rows) return tl::unexpected(rows.error());
    for (const store::Row& row : *rows) commit.remove_rows.push_back(row.key);
    if (move.is_erased) continue;
    if (auto taken = take(*rows, move.added, logs[move.to]); !taken) return taken;
  }
  for (auto& [user, log] : logs) {
    if (auto written = write(user, std::move(log), commit, store); !written) return written;
  }
  return {};
}

}  // namespace sojourn::runtime
