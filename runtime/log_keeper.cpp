#include "runtime/log_keeper.h"

#include <vector>

#include "runtime/log_record.h"

namespace sojourn::runtime {
namespace {

// In one turn.
constexpr std::size_t kUsersPerIdleLook = 100;
constexpr std::size_t kRowsPerIdleCommit = 5'000;
constexpr std::size_t kRowsPerBusyCommit = 500;
// Of one user, beyond those that are kept; the rest is for the next look.
constexpr std::size_t kDropBatch = 1'000;

std::int64_t day_of(base::Instant t) {
  return t.millis / base::days24(1).count;
}

}  // namespace

bool LogKeeper::wants_look(base::Instant now, Turn turn) const {
  if (day_of(now) <= done_day_) return false;
  return turn == Turn::kIdle || now - looked_at_ >= kBusyLookEvery;
}

base::Status LogKeeper::look(store::Store& store, base::Instant now, store::Commit& commit,
                             Turn turn) {
  const bool idle = turn == Turn::kIdle;
  const std::size_t users = idle ? kUsersPerIdleLook : kUsersPerBusyLook;
  const std::size_t most_rows = idle ? kRowsPerIdleCommit : kRowsPerBusyCommit;
  looked_at_ = now;
  auto heads = store.heads(last_, users);
  if (!heads) return tl::unexpected(heads.error());
  const base::Instant before = now - base::days24(keep_days_);
  for (const store::Row& head : *heads) {
    auto done = look_at(store, head.key.user, before, commit);
    if (!done) return tl::unexpected(done.error());
    if (!*done) return {};
    last_ = head.key.user;
    if (commit.remove_rows.size() >= most_rows) return {};
  }
  if (heads->size() == users) return {};
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
