#include "runtime/waiting_deliveries.h"

#include <algorithm>
#include <utility>

#include "runtime/dead_letter_book.h"

namespace sojourn::runtime {
namespace {

constexpr std::size_t kReadAtOnce = 1'000;

bool is_named(const DeliveryFilter& filter, const base::Hash128& key) {
  return filter.keys.empty() || std::ranges::find(filter.keys, key) != filter.keys.end();
}

// Why it cannot be dropped, in a stable word; empty when it may be.
std::string_view hindrance(const store::Delivery& delivery, const DeliveryRecord& record) {
  if (!delivery.next_attempt) return "claimed";
  return record.kind == DeliveryRecord::Kind::kUnsubscribe ? "opt_out" : std::string_view();
}

base::Status take(const DeliveryOrder& order, store::Delivery delivery, base::Instant now,
                  WaitingPart& part) {
  if (!is_named(order.filter, delivery.key.message)) return {};
  auto record = decode_delivery(delivery.body);
  if (!record) return tl::unexpected(record.error());
  if (record->planned_at > order.planned_by.value_or(now)) return {};
  if (!fits(order.filter, state_of(delivery, *record, now), *record)) return {};
  if (!order.filter.keys.empty()) part.found.insert(delivery.key.message);
  const std::string_view why = hindrance(delivery, *record);
  if (!why.empty()) {
    ++part.left_alone[std::string(why)];
  } else {
    part.chosen.push_back({std::move(delivery), std::move(*record)});
  }
  return {};
}

}  // namespace

DeliveryState state_of(const store::Delivery& delivery, const DeliveryRecord& record,
                       base::Instant now) {
  if (record.in_doubt) return DeliveryState::kInDoubt;
  const bool later = delivery.next_attempt && *delivery.next_attempt > now;
  return later ? DeliveryState::kPutOff : DeliveryState::kWaiting;
}

base::Result<WaitingPart> waiting_part(const DeliveryOrder& order, store::Store& store,
                                       base::Instant now, std::size_t most) {
  WaitingPart part;
  part.after = order.after;
  for (std::size_t read = 0; read < kMaxReadForOrder; read += kReadAtOnce) {
    auto deliveries = store.deliveries(part.after, kReadAtOnce);
    if (!deliveries) return tl::unexpected(deliveries.error());
    for (store::Delivery& delivery : *deliveries) {
      if (part.chosen.size() >= most) return part;
      part.after = delivery.key;
      if (auto taken = take(order, std::move(delivery), now, part); !taken) {
        return tl::unexpected(taken.error());
      }
    }
    if (deliveries->size() < kReadAtOnce) {
      part.after.reset();
      return part;
    }
  }
  return part;
}

}  // namespace sojourn::runtime
