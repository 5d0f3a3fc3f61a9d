// Purchases and carts: an event, and what they do to the profile.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/names.h"
#include "sandbox/user_data.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kCart = "shoppingCartItems";

// Why the user that a call gives will not do.
std::optional<Reply> refused(Desk& desk, const json& user) {
  const NameFault fault = fault_of(desk, user, {}, unknown_in(user));
  if (fault == NameFault::kNobody) {
    return envelope(400, "BadParams", "Either email or userId must be set");
  }
  if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, user), 409);
  const DataFault data = fault_of_data(desk, user);
  if (data != DataFault::kNone) return data_refused(desk, data, user);
  return std::nullopt;
}

// The user as the call gives them, with these items in the cart.
base::Status fill_cart(Desk& desk, const Call& call, const json& items) {
  json user = call.body.at("user");
  user["dataFields"][kCart] = items;
  return take_data(desk, user, call.topic(), call.now);
}

}  // namespace

// The cart is empty afterwards. The same id again is the same purchase, with what is said now.
Reply track_purchase(Desk& desk, const Call& call) {
  const json& user = call.body.at("user");
  if (auto refusal = refused(desk, user)) return *refusal;
  if (!fill_cart(desk, call, json::array())) return database_error();
  std::string id = call.body.value("id", "");
  const auto place =
      desk.inbox.keep(RecordKind::kEvent, {.topic = "purchase",
                                           // Ids of purchases are not those of events.
                                           .key = id.empty() ? id : "purchase " + id,
                                           .subject = named_in(desk, user).subject(),
                                           .time = call.now,
                                           .body = std::string(call.text)});
  if (!place) return database_error();
  if (id.empty()) id = base::stable_hash128(fmt::format("purchase {}", place->sequence)).hex();
  const json params{{"id", id}};
  return success("", params.dump());
}

Reply update_cart(Desk& desk, const Call& call) {
  const json& user = call.body.at("user");
  if (auto refusal = refused(desk, user)) return *refusal;
  if (!fill_cart(desk, call, call.body.at("items"))) return database_error();
  return success("");
}

}  // namespace sojourn::sandbox
