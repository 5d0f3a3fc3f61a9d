#include "app/counters.h"

namespace sojourn::app {

void Counters::set(const std::vector<std::pair<std::string, std::int64_t>>& values) {
  values_.clear();
  values_.insert(values.begin(), values.end());
}

void Counters::apply(const std::vector<store::CounterDelta>& deltas) {
  for (const store::CounterDelta& delta : deltas) values_[delta.name] += delta.delta;
}

}  // namespace sojourn::app
