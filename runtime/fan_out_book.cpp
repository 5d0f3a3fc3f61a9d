#include "runtime/fan_out_book.h"

#include <fmt/format.h>
#include <optional>

#include "runtime/fan_out_record.h"
#include "runtime/find_user.h"

namespace sojourn::runtime {
namespace {
constexpr std::size_t kLoadBatch = 1'000;
}

base::Status FanOutBook::load(store::Store& store) {
  std::optional<store::FanOutKey> after;
  while (true) {
    auto rows = store.fan_outs(after, kLoadBatch);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return {};
    for (const store::FanOutRow& row : *rows) {
      if (row.key.part == 0) {
        event_added();
        continue;
      }
      auto users = decode_users(row.body);
      if (!users) return tl::unexpected(users.error());
      users_added(*users);
    }
    after = rows->back().key;
    next_number_ = after->number + 1;
  }
}

void FanOutBook::users_added(std::span<const store::UserId> users) {
  users_ += users.size();
  for (const store::UserId user : users) ++events_of_[user.packed()];
}

base::Status FanOutBook::users_gone(std::span<const store::UserId> users) {
  for (const store::UserId user : users) {
    const auto waiting = events_of_.find(user.packed());
    if (waiting == events_of_.end()) {
      return base::failure(
          base::Error::Kind::kFatal,
          fmt::format("an event on its way to many names {}, who waits for none", printed_id(user)),
          "the database is damaged; `sojourn fsck` says more");
    }
    --users_;
    if (--waiting->second == 0) events_of_.erase(waiting);
  }
  return {};
}

}  // namespace sojourn::runtime
