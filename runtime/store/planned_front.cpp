#include "runtime/store/planned_front.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sojourn::store {

void PlannedFront::put(const Delivery& delivery) {
  remove(delivery.key);
  if (!delivery.next_attempt) return;
  const Place place{*delivery.next_attempt, delivery.key};
  if (!within(place)) return;
  add(place, Row{delivery.body, delivery.lane, delivery.deadline});
  if (rows_.size() <= limit_) return;
  const auto last = std::prev(rows_.end());
  attempts_.erase(last->first.key);
  rows_.erase(last);
  complete_ = false;
  horizon_ = std::prev(rows_.end())->first;
}

void PlannedFront::remove(const DeliveryKey& key) {
  const auto found = attempts_.find(key);
  if (found == attempts_.end()) return;
  rows_.erase(Place{found->second, key});
  attempts_.erase(found);
}

void PlannedFront::add(const Place& place, Row row) {
  attempts_.emplace(place.key, place.next_attempt);
  rows_.emplace(place, std::move(row));
}

void PlannedFront::refill(std::vector<Delivery> soonest) {
  rows_.clear();
  attempts_.clear();
  complete_ = soonest.size() < limit_;
  for (Delivery& delivery : soonest) {
    if (!delivery.next_attempt) continue;
    horizon_ = Place{*delivery.next_attempt, delivery.key};
    add(*horizon_, Row{std::move(delivery.body), delivery.lane, delivery.deadline});
  }
}

bool PlannedFront::covers(base::Instant until, std::size_t count) const {
  return complete_ || rows_.size() >= count || (horizon_ && horizon_->next_attempt > until);
}

std::vector<Delivery> PlannedFront::due(base::Instant until, std::size_t count) const {
  std::vector<Delivery> out;
  for (const auto& [place, row] : rows_) {
    if (place.next_attempt > until || out.size() == count) break;
    out.push_back(Delivery{place.key, place.next_attempt, row.body, row.lane, row.deadline});
  }
  return out;
}

std::optional<base::Instant> PlannedFront::first() const {
  if (rows_.empty()) return std::nullopt;
  return rows_.begin()->first.next_attempt;
}

}  // namespace sojourn::store
