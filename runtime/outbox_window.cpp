#include "runtime/outbox_window.h"

#include <algorithm>

namespace sojourn::runtime {

void OutboxWindow::pause_all(base::Instant until) {
  for (Lane& lane : lanes_) lane.pause(until);
}

std::size_t OutboxWindow::room(base::Instant now) const {
  std::size_t room = 0;
  for (const Lane& lane : lanes_) room += lane.room(max_in_doubt_, now);
  return room;
}

base::Instant OutboxWindow::next_opening(base::Instant now) const {
  base::Instant first = base::kNever;
  for (const Lane& lane : lanes_) first = std::min(first, lane.next_opening(now));
  return first;
}

std::uint32_t OutboxWindow::in_flight() const {
  std::uint32_t sum = 0;
  for (const Lane& lane : lanes_) sum += lane.in_flight;
  return sum;
}

}  // namespace sojourn::runtime
