#include "runtime/fan_out_book.h"

#include <optional>

#include "runtime/fan_out_record.h"
#include "runtime/store/store.h"

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
      users_added(users->size());
    }
    after = rows->back().key;
    next_number_ = after->number + 1;
  }
}

}  // namespace sojourn::runtime
