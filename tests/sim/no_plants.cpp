// Of the simulator itself: nothing is planted.
#include "tests/sim/plants.h"

namespace sojourn::sim {

std::unique_ptr<store::Store> planted_store(Plant, std::unique_ptr<store::Store> store) {
  return store;
}
std::unique_ptr<runtime::Transport> planted_transport(Plant, runtime::Transport&) {
  return nullptr;
}
base::Millis planted_haste(Plant) {
  return {};
}
std::uint32_t planted_room(Plant) {
  return 0;
}
std::size_t planted_waiting_room(Plant) {
  return 0;
}
std::optional<runtime::IntakeRequest> planted_copy(Plant, const runtime::IntakeRequest&) {
  return std::nullopt;
}
bool loses_keys(Plant) {
  return false;
}
bool loses_outcome(Plant, std::uint64_t) {
  return false;
}
void planted_process(Plant, std::uint64_t) {}

}  // namespace sojourn::sim
