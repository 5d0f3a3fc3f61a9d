#include "runtime/said_subscriptions.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <utility>

#include "graph/built_in.h"

namespace sojourn::runtime {
namespace {

using Ids = std::vector<std::int64_t>;

// Nothing when the array is not there.
tl::expected<std::optional<Ids>, WrongArray> ids_of(const simdjson::dom::object& said,
                                                    std::string_view name) {
  simdjson::dom::element value;
  if (said[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) {
    return tl::unexpected(WrongArray{name, "Array value expected"});
  }
  if (array.size() > kMaxSubscriptionIds) {
    return tl::unexpected(
        WrongArray{name, fmt::format("at most {} ids expected", kMaxSubscriptionIds)});
  }
  Ids ids;
  for (const simdjson::dom::element& each : array) {
    std::int64_t id = 0;
    if (each.get(id) != simdjson::SUCCESS) {
      return tl::unexpected(WrongArray{name, "Integer values expected"});
    }
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> names_of(const Ids& ids, const graph::Catalog& catalog) {
  std::vector<std::string> names;
  for (const graph::StaticList& list : catalog.lists) {
    if (list.id && std::ranges::find(ids, *list.id) != ids.end()) names.push_back(list.name);
  }
  return names;
}

}  // namespace

tl::expected<SaidSubscriptions, WrongArray> said_subscriptions(const simdjson::dom::object& said,
                                                               const graph::Catalog& catalog) {
  SaidSubscriptions out;
  for (const std::string_view name :
       {graph::kSubscribedIds, graph::kUnsubscribedIds, graph::kUnsubscribedChannelIds}) {
    auto ids = ids_of(said, name);
    if (!ids) return tl::unexpected(std::move(ids.error()));
    if (!*ids) continue;
    graph::List list;
    for (const std::int64_t id : **ids) list.emplace_back(id);
    out.fields.emplace_back(name, graph::Value(std::move(list)));
  }
  auto lists = ids_of(said, "emailListIds");
  if (!lists) return tl::unexpected(std::move(lists.error()));
  if (*lists) out.lists = names_of(**lists, catalog);
  return out;
}

}  // namespace sojourn::runtime
