#include "runtime/delivery_order.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

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

std::string place_word(const store::DeliveryKey& key) {
  return fmt::format("{:x}-{}", key.user.packed(), key.message.hex());
}

std::optional<store::DeliveryKey> place_of(std::string_view word) {
  const std::size_t dash = word.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  std::uint64_t user = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + dash, user, 16);
  const auto message = base::Hash128::from_hex(word.substr(dash + 1));
  if (error != std::errc() || end != word.data() + dash || !message) return std::nullopt;
  return store::DeliveryKey{store::UserId::unpack(user), *message};
}

}  // namespace sojourn::runtime
