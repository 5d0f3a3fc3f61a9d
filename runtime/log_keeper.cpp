#include "runtime/log_keeper.h"

#include <vector>

#include "runtime/log_record.h"

namespace sojourn::runtime {
namespace {

// In one turn.
constexpr std::size_t kUsersPerLook = 100;
constexpr std::size_t kRowsPerCommit = 5'000;
// Of one user, beyond those that are kept; the rest is for the next look.
constexpr std::size_t kDropBatch = 1'000;

std::int64_t day_of(base::Instant t) {
  return t.millis / base::days24(1).count;
}

}  // namespace

bool LogKeeper::wants_turn(base::Instant now) const {
  return day_of(now) > done_day_;
}

base::Status LogKeeper::look(store::Store& store, base::Instant now, store::Commit& commit) {
  auto heads = store.heads(last_, kUsersPerLook);
  if (!heads) return tl::unexpected(heads.error());
  const base::Instant before = now - base::days24(keep_days_);
  for (const store::Row& head : *heads) {
    auto done = look_at(store, head.key.user, before, commit);
    if (!done) return tl::unexpected(done.error());
    if (!*done) return {};
    last_ = head.key.user;
    if (commit.remove_rows.size() >= kRowsPerCommit) return {};
  }
  if (heads->size() == kUsersPerLook) return {};
  last_.reset();
  done_day_ = day_of(now);
  return {};
}

base::Result<bool> LogKeeper::look_at(store::Store& store, store::UserId user, base::Instant before,
                                      store::Commit& commit) const {
  constexpr std::size_t kLimit = kMaxLogRows + kDropBatch;
  auto rows = store.rows(user, store::RowKind::kLog, kLimit);
  if (!rows) return tl::unexpected(rows.error());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const store::Row& row = (*rows)[i];
    const auto at = time_of_log(row.body);
    if (!at) return tl::unexpected(at.error());
    if (i >= kMaxLogRows || *at < before) commit.remove_rows.push_back(row.key);
  }
  return rows->size() < kLimit;
}

}  // namespace sojourn::runtime
