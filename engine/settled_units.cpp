#include "engine/settled_units.h"

#include <utility>

namespace sojourn::engine {
namespace {

constexpr std::uint64_t kFree = 0;
constexpr std::size_t kLeastSlots = 16;

// The unit whose hash is that of no unit is taken for its neighbour.
std::uint64_t stored(std::uint64_t unit) {
  return unit == kFree ? 1 : unit;
}

}  // namespace

std::size_t SettledUnits::slot_of(std::uint64_t unit) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = unit & mask;
  while (slots_[slot] != kFree && slots_[slot] != unit) slot = (slot + 1) & mask;
  return slot;
}

bool SettledUnits::contains(std::uint64_t unit) const {
  return !slots_.empty() && slots_[slot_of(stored(unit))] != kFree;
}

bool SettledUnits::insert(std::uint64_t unit) {
  if (contains(unit)) return false;
  if (size_ + 1 > slots_.size() / 4 * 3) grow();
  slots_[slot_of(stored(unit))] = stored(unit);
  ++size_;
  return true;
}

void SettledUnits::grow() {
  const std::size_t slots = slots_.empty() ? kLeastSlots : 2 * slots_.size();
  const auto before = std::exchange(slots_, std::vector<std::uint64_t>(slots, kFree));
  for (const std::uint64_t unit : before) {
    if (unit != kFree) slots_[slot_of(unit)] = unit;
  }
}

}  // namespace sojourn::engine
