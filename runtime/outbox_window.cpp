#include "runtime/outbox_window.h"

#include "runtime/lane_number.h"

namespace sojourn::runtime {

OutboxWindow::OutboxWindow(std::uint32_t max_in_doubt, const EndpointBudgets& budgets) {
  lanes_.reserve(kEndpointCount);
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    lanes_.emplace_back(max_in_doubt, budgets.of(static_cast<Endpoint>(i)));
  }
}

Lane* OutboxWindow::find(std::uint32_t number) {
  const std::uint32_t first = lane_number(Endpoint{});
  if (number < first || number - first >= lanes_.size()) return nullptr;
  return &lanes_[number - first];
}

void OutboxWindow::pause_all(base::Instant until) {
  for (Lane& lane : lanes_) lane.pause(until);
}

void OutboxWindow::end_pauses() {
  for (Lane& lane : lanes_) lane.end_pause();
}

void OutboxWindow::report(base::Instant now, std::vector<LaneReport>& into) {
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    into.push_back(lanes_[i].report(to_string(static_cast<Endpoint>(i)), now));
  }
}

}  // namespace sojourn::runtime
