#include "runtime/outbox_window.h"

#include <algorithm>

#include "base/check.h"

namespace sojourn::runtime {

void OutboxWindow::end(Endpoint endpoint) {
  State& state = states_[index(endpoint)];
  SOJOURN_CHECK(state.in_flight > 0, "an attempt ends once");
  --state.in_flight;
}

void OutboxWindow::pause(Endpoint endpoint, base::Instant until) {
  base::Instant& paused = states_[index(endpoint)].paused_until;
  paused = std::max(paused, until);
}

void OutboxWindow::pause_all(base::Instant until) {
  for (State& state : states_) state.paused_until = std::max(state.paused_until, until);
}

std::size_t OutboxWindow::room(base::Instant now) const {
  std::size_t room = 0;
  for (const State& state : states_) {
    if (state.paused_until <= now && state.in_flight < max_in_doubt_) {
      room += max_in_doubt_ - state.in_flight;
    }
  }
  return room;
}

base::Instant OutboxWindow::next_opening(base::Instant now) const {
  base::Instant first = base::kNever;
  for (const State& state : states_) {
    if (state.paused_until > now) first = std::min(first, state.paused_until);
  }
  return first;
}

std::uint32_t OutboxWindow::in_flight() const {
  std::uint32_t sum = 0;
  for (const State& state : states_) sum += state.in_flight;
  return sum;
}

}  // namespace sojourn::runtime
