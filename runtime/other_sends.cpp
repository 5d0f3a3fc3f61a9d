#include "runtime/other_sends.h"

#include <set>
#include <string>

#include "runtime/log_record.h"

namespace sojourn::runtime {

base::Result<OtherSends> other_sends(store::Store& store, store::UserId user,
                                     std::string_view campaign, const base::Hash128& key,
                                     base::Instant from) {
  auto rows = store.rows(user, store::RowKind::kLog, kMaxSearchedLog);
  if (!rows) return tl::unexpected(rows.error());
  const std::string own = key.hex();
  std::set<std::string> claimed;
  std::set<std::string> accepted;
  bool reaches_back = rows->size() < kMaxSearchedLog;
  for (const store::Row& row : *rows) {
    auto records = decode_log(row.body);
    if (!records) return tl::unexpected(records.error());
    for (const LogRecord& record : *records) {
      if (record.at < from) {
        reaches_back = true;
        continue;
      }
      if (record.subject != campaign || record.detail == own) continue;
      if (record.kind == LogRecord::Kind::kClaimed) claimed.insert(record.detail);
      if (record.kind == LogRecord::Kind::kAccepted) accepted.insert(record.detail);
    }
    if (reaches_back && !records->empty() && records->front().at < from) break;
  }
  OtherSends others;
  others.uncertain = !reaches_back;
  for (const std::string& message : claimed) {
    if (accepted.contains(message)) {
      ++others.accepted;
    } else {
      others.uncertain = true;
    }
  }
  return others;
}

}  // namespace sojourn::runtime
