#include "runtime/doubt_book.h"

#include "base/check.h"
#include "runtime/counter_names.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {

base::Status DoubtBook::load(store::Store& store) {
  const auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    for (std::size_t i = 0; i < kEndpointCount; ++i) {
      if (name == counter_name({"parked", to_string(static_cast<Endpoint>(i))})) {
        parked_[i] = static_cast<std::uint32_t>(value);
      }
    }
  }
  return {};
}

void DoubtBook::park(Endpoint endpoint, TurnRecord& record) {
  ++parked_[index(endpoint)];
  record.count(counter_name({"parked", to_string(endpoint)}));
}

void DoubtBook::unpark(Endpoint endpoint, TurnRecord& record) {
  SOJOURN_CHECK(parked_[index(endpoint)] > 0, "only what is parked is taken away");
  --parked_[index(endpoint)];
  record.count(counter_name({"parked", to_string(endpoint)}), -1);
}

}  // namespace sojourn::runtime
