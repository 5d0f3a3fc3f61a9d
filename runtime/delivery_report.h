// `sojourn deliveries list`: what ended unsent, is in doubt, put off or waiting, as JSON.
#pragma once

#include "base/instant.h"
#include "base/result.h"
#include "runtime/delivery_order.h"
#include "runtime/shard_input.h"

namespace sojourn::store {
class Store;
}

namespace sojourn::runtime {

class DeadLetterBook;
class Program;

// Of deliveries that have not ended, one question reads so many; beyond, a user must be named.
inline constexpr std::size_t kMaxSearchedDeliveries = 20'000;

struct DeliveriesAsked {
  const Program& program;
  store::Store& store;
  const DeadLetterBook& letters;
  base::Instant now;
};

// Without a state: of everybody, what ended unsent or is in doubt; of one user, everything.
// Those that ended come first, the newest of them first; then the others by user. Status 404
// when nobody is called as the user that is named.
base::Result<QueryAnswer> delivery_report(const DeliveryQuery& query, const DeliveriesAsked& asked);

}  // namespace sojourn::runtime
