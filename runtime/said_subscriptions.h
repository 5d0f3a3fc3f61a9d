// What /api/users/updateSubscriptions says of one person: the message types and channels
// that they are subscribed to or have opted out of, and the lists they are on. Each array
// that is given replaces what was known, as at Iterable. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "graph/catalog.h"
#include "graph/value.h"

namespace sojourn::runtime {

// Ids in one array.
inline constexpr std::size_t kMaxSubscriptionIds = 1'000;

struct SaidSubscriptions {
  std::vector<graph::Field> fields;  // of the profile
  // All lists that they are on, by declared name; nothing: nothing was said of lists.
  std::optional<std::vector<std::string>> lists;
};
struct WrongArray {
  std::string_view name;
  std::string expected;
};

// Lists that the catalog does not declare are left out.
tl::expected<SaidSubscriptions, WrongArray> said_subscriptions(const simdjson::dom::object& said,
                                                               const graph::Catalog& catalog);

}  // namespace sojourn::runtime
