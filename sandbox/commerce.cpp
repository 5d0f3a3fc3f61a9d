// Purchases and carts: an event, and what they do to the profile.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kCart = "shoppingCartItems";

Reply refused(NameFault fault, const json& user) {
  if (fault == NameFault::kNobody) {
    return envelope(400, "BadParams", "Either email or userId must be set");
  }
  return name_refused(fault, named_in(user), 409);
}

// The user as the call gives them, with these items in the cart.
base::Status fill_cart(Desk& desk, const Call& call, const json& items) {
  json user = call.body.at("user");
  user["dataFields"][kCart] = items;
  return desk.profiles.update(user, call.topic(), call.now);
}

}  // namespace

// The cart is empty afterwards. The same id again is the same purchase, with what is said now.
Reply track_purchase(Desk& desk, const Call& call) {
  const json& user = call.body.at("user");
  const NameFault fault = fault_of(desk, user, {}, unknown_in(user));
  if (fault != NameFault::kNone) return refused(fault, user);
  if (!fill_cart(desk, call, json::array())) return database_error();
  std::string id = call.body.value("id", "");
  const auto place =
      desk.inbox.keep(RecordKind::kEvent, {.topic = "purchase",
                                           // Ids of purchases are not those of events.
                                           .key = id.empty() ? id : "purchase " + id,
                                           .subject = named_in(user).subject(),
                                           .time = call.now,
                                           .body = std::string(call.text)});
  if (!place) return database_error();
  if (id.empty()) id = base::stable_hash128(fmt::format("purchase {}", place->sequence)).hex();
  const json params{{"id", id}};
  return success("", params.dump());
}

Reply update_cart(Desk& desk, const Call& call) {
  const json& user = call.body.at("user");
  const NameFault fault = fault_of(desk, user, {}, unknown_in(user));
  if (fault != NameFault::kNone) return refused(fault, user);
  if (!fill_cart(desk, call, call.body.at("items"))) return database_error();
  return success("");
}

}  // namespace sojourn::sandbox
