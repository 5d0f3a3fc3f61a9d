#include "runtime/delivery_order.h"

#include <algorithm>
#include <array>

namespace sojourn::runtime {
namespace {

constexpr std::array kStates{DeliveryState::kRefused, DeliveryState::kLate, DeliveryState::kInDoubt,
                             DeliveryState::kPutOff, DeliveryState::kWaiting};

}  // namespace

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::kRefused:
      return "refused";
    case DeliveryState::kLate:
      return "late";
    case DeliveryState::kInDoubt:
      return "in_doubt";
    case DeliveryState::kPutOff:
      return "put_off";
    case DeliveryState::kWaiting:
      return "waiting";
  }
  return {};
}

std::optional<DeliveryState> delivery_state(std::string_view word) {
  const auto* const found =
      std::ranges::find(kStates, word, [](DeliveryState state) { return to_string(state); });
  if (found == kStates.end()) return std::nullopt;
  return *found;
}

std::string_view to_string(DeliveryOrder::Verb verb) {
  return verb == DeliveryOrder::Verb::kRetry ? "retry" : "drop";
}

}  // namespace sojourn::runtime
