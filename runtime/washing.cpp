#include "runtime/washing.h"

#include <algorithm>
#include <string>

namespace sojourn::runtime {

base::Status Washing::load(store::Store& store, base::Instant now) {
  const auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    if (name == kToWash) waiting_ = value;
  }
  if (waiting_ > 0) next_ = now;
  return {};
}

void Washing::committed(const store::Commit& commit, base::Instant now) {
  for (const store::CounterDelta& counted : commit.counters) {
    if (counted.name != kToWash) continue;
    waiting_ += counted.delta;
    next_ = std::min(next_, now + kWashAfter);
  }
}

store::Commit Washing::washed() {
  store::Commit commit;
  commit.counters.push_back({std::string(kToWash), -waiting_});
  waiting_ = 0;
  next_ = base::kNever;
  return commit;
}

}  // namespace sojourn::runtime
