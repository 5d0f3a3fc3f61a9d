#include "runtime/retention.h"

namespace sojourn::runtime {
namespace {
constexpr base::Millis kIdleRest = base::seconds(1);
}

base::Result<std::vector<store::UserId>> Retention::next(store::Store& store, base::Instant now,
                                                         std::size_t limit) {
  const std::int64_t today = now.millis / base::days24(1).count;
  idle_again_at_ = now + kIdleRest;
  std::vector<store::UserId> users;
  if (!last_) {
    if (begun_on_ == today) return users;
    begun_on_ = today;
  }
  auto heads = store.heads(last_, limit);
  if (!heads) return tl::unexpected(heads.error());
  for (const store::Row& head : *heads) users.push_back(head.key.user);
  last_.reset();
  if (users.size() == limit) last_ = users.back();
  return users;
}

}  // namespace sojourn::runtime
