// What `sojourn deliveries` says to the daemon, read and written in one place. Errors are
// texts for the operator. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/delivery_order.h"

namespace sojourn::app {

// Of the name in the log of commands.
inline constexpr std::size_t kMaxWhoBytes = 200;
// Keys that one order may name.
inline constexpr std::size_t kMaxOrderedKeys = 1'000;

// "/deliveries?state=refused&limit=100"
std::string target_of(const runtime::DeliveryQuery& query);
base::Result<runtime::DeliveryQuery> parse_delivery_query(std::string_view query);

// {"keys":["9f…"],"state":"refused","campaign":"hello","yes":true,"up_to":7,"planned_by":…,
// "after":"…","by":"ada"}
std::string body_of(const runtime::DeliveryOrder& order);
// An order that names neither keys nor a state nor a campaign is an error.
base::Result<runtime::DeliveryOrder> parse_delivery_order(runtime::DeliveryOrder::Verb verb,
                                                          std::string_view body);

// Of words that an operator typed; an empty `state` is any.
base::Result<runtime::DeliveryFilter> delivery_filter(const std::vector<std::string>& keys,
                                                      std::string_view state,
                                                      std::string_view campaign);

}  // namespace sojourn::app
