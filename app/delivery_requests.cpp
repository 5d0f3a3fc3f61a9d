#include "app/delivery_requests.h"

#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/percent.h"

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;
using runtime::DeliveryFilter;
using runtime::DeliveryOrder;
using runtime::DeliveryQuery;
using runtime::DeliveryState;

tl::unexpected<base::Error> invalid(std::string message, std::string hint = {}) {
  return base::failure(base::Error::Kind::kInvalid, std::move(message), std::move(hint));
}

std::string member(std::string_view query, std::string_view name) {
  return base::query_member(query, name).value_or("");
}

// The member's text; empty when it is not there. Nothing: it is no text.
std::optional<std::string> text_member(const Json& json, const char* name) {
  if (!json.contains(name)) return std::string();
  if (!json[name].is_string()) return std::nullopt;
  return json[name].get<std::string>();
}

std::optional<std::vector<std::string>> texts_member(const Json& json, const char* name) {
  std::vector<std::string> texts;
  if (!json.contains(name)) return texts;
  if (!json[name].is_array()) return std::nullopt;
  for (const Json& item : json[name]) {
    if (!item.is_string()) return std::nullopt;
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

bool has_ended(DeliveryState state) {
  return state != DeliveryState::kPutOff && state != DeliveryState::kWaiting;
}

// Whether it says so in a way that can be read. Which part of what waits it is about.
bool read_part(const Json& json, DeliveryOrder& order) {
  const Json planned_by = json.value("planned_by", Json());
  if (!planned_by.is_null() && !planned_by.is_number_integer()) return false;
  if (!planned_by.is_null()) order.planned_by = base::Instant{planned_by.get<std::int64_t>()};
  const auto after = text_member(json, "after");
  if (after && !after->empty()) order.after = runtime::place_of(*after);
  return after && (after->empty() || order.after);
}

}  // namespace

base::Result<DeliveryFilter> delivery_filter(const std::vector<std::string>& keys,
                                             std::string_view state, std::string_view campaign) {
  DeliveryFilter filter;
  if (keys.size() > kMaxOrderedKeys) {
    return invalid(fmt::format("more than {} keys", kMaxOrderedKeys),
                   "name a state or a campaign instead");
  }
  for (const std::string& text : keys) {
    const auto key = base::Hash128::from_hex(text);
    if (!key) {
      return invalid(fmt::format("`{}` is not a message key", text),
                     "a key has 32 hex digits; `sojourn deliveries list` prints them");
    }
    filter.keys.push_back(*key);
  }
  if (!state.empty()) {
    filter.state = runtime::delivery_state(state);
    if (!filter.state) {
      return invalid(fmt::format("no state is called `{}`", state),
                     "the states are refused, late, in_doubt, put_off and waiting");
    }
  }
  filter.campaign = campaign;
  return filter;
}

std::string target_of(const DeliveryQuery& query) {
  std::string target = fmt::format("/deliveries?limit={}", query.limit);
  const DeliveryFilter& filter = query.filter;
  if (filter.state) target += fmt::format("&state={}", to_string(*filter.state));
  if (!filter.campaign.empty()) target += "&campaign=" + base::percent_encoded(filter.campaign);
  if (!query.user.empty()) target += "&user=" + base::percent_encoded(query.user);
  return target;
}

base::Result<DeliveryQuery> parse_delivery_query(std::string_view text) {
  DeliveryQuery query;
  auto filter = delivery_filter({}, member(text, "state"), member(text, "campaign"));
  if (!filter) return tl::unexpected(filter.error());
  query.filter = std::move(*filter);
  query.user = member(text, "user");
  const auto limit = base::query_member(text, "limit");
  if (!limit) return query;
  const auto [end, error] =
      std::from_chars(limit->data(), limit->data() + limit->size(), query.limit);
  const bool is_number = error == std::errc() && end == limit->data() + limit->size();
  if (!is_number || query.limit == 0 || query.limit > runtime::kMaxListedDeliveries) {
    return invalid(fmt::format("`limit` is a number from 1 to {}", runtime::kMaxListedDeliveries));
  }
  return query;
}

std::string body_of(const DeliveryOrder& order) {
  Json json{{"yes", order.go}, {"up_to", order.up_to}, {"by", order.by}};
  Json keys = Json::array();
  for (const base::Hash128& key : order.filter.keys) keys.push_back(key.hex());
  if (!keys.empty()) json["keys"] = std::move(keys);
  if (order.filter.state) json["state"] = to_string(*order.filter.state);
  if (!order.filter.campaign.empty()) json["campaign"] = order.filter.campaign;
  if (order.planned_by) json["planned_by"] = order.planned_by->millis;
  if (order.after) json["after"] = runtime::place_word(*order.after);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Result<DeliveryOrder> parse_delivery_order(DeliveryOrder::Verb verb, std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return invalid(R"(expected {"keys":["…"],"yes":false})");
  const auto keys = texts_member(json, "keys");
  const auto state = text_member(json, "state");
  const auto campaign = text_member(json, "campaign");
  const Json yes = json.value("yes", Json(false));
  const Json up_to = json.value("up_to", Json(0U));
  if (!keys || !state || !campaign || !yes.is_boolean() || !up_to.is_number_unsigned()) {
    return invalid(R"(expected {"keys":["…"],"state":"…","campaign":"…","yes":false,"up_to":0})");
  }
  auto filter = delivery_filter(*keys, *state, *campaign);
  if (!filter) return tl::unexpected(filter.error());
  if (keys->empty() && state->empty() && campaign->empty()) {
    return invalid("it is not said which deliveries", "name keys, a state or a campaign");
  }
  if (verb == DeliveryOrder::Verb::kRetry && filter->state && !has_ended(*filter->state)) {
    return invalid(fmt::format("what is {} has not ended, and is sent by itself", *state),
                   "only refused, late or in_doubt ones can be retried");
  }
  DeliveryOrder order;
  if (!read_part(json, order)) {
    return invalid(R"(expected {…,"planned_by":0,"after":"…"} as the daemon has given them)");
  }
  order.verb = verb;
  order.filter = std::move(*filter);
  order.go = yes.get<bool>();
  order.up_to = up_to.get<std::uint64_t>();
  order.by = text_member(json, "by").value_or("").substr(0, kMaxWhoBytes);
  return order;
}

}  // namespace sojourn::app
