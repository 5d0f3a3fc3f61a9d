// What an operator asks about deliveries, and asks to be done with those that ended
// unsent, or wait to leave. Data that crosses threads; `token` names whoever waits for the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

enum class DeliveryState : std::uint8_t {
  kRefused,  // ended: the provider will never take it as it is
  kLate,     // ended: the provider had not taken it when its deadline passed
  kInDoubt,  // an answer never came; ended only if it is `at_most_once`
  kPutOff,   // planned for later
  kWaiting,  // planned for now, or under way
};
std::string_view to_string(DeliveryState state);
std::optional<DeliveryState> delivery_state(std::string_view word);

// All that is given has to fit.
struct DeliveryFilter {
  std::vector<base::Hash128> keys;  // empty: any
  std::optional<DeliveryState> state;
  std::string campaign;  // of messages; empty: any
};

inline constexpr std::size_t kMaxListedDeliveries = 1'000;

struct DeliveryQuery {
  DeliveryFilter filter;
  std::string user;  // an email, a userId or an internal id; empty: anybody
  std::size_t limit = 100;
  std::uint64_t token = 0;
};

struct DeliveryOrder {
  enum class Verb : std::uint8_t { kRetry, kDrop };
  Verb verb = Verb::kRetry;
  DeliveryFilter filter;
  // False: only say how many it would be.
  bool go = false;
  // Only letters up to this number: what comes in while an operator's order is worked off,
  // request by request, is not part of it. 0: all.
  std::uint64_t up_to = 0;
  // A drop takes what waits to leave, too: what was planned by then; none: by now. It goes through
  // it part by part, and `after` says where the part before ended.
  std::optional<base::Instant> planned_by;
  std::optional<store::DeliveryKey> after;
  std::string by;  // whom the log of commands names
  std::uint64_t token = 0;
};
std::string_view to_string(DeliveryOrder::Verb verb);

// The place of a delivery among all, as a word that whoever gave the order hands back.
std::string place_word(const store::DeliveryKey& key);
std::optional<store::DeliveryKey> place_of(std::string_view word);

}  // namespace sojourn::runtime
