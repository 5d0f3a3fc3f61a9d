// Query strings: their members, and the paging that Iterable's lists share. Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/exchange.h"

namespace sojourn::sandbox {

struct QueryMember {
  std::string name;
  std::string value;  // decoded; a `+` is itself
};
// In order; nothing when one is badly encoded. Members without `=` have an empty value.
std::optional<std::vector<QueryMember>> members_of(std::string_view query);

// A whole number, without anything around it.
std::optional<std::int64_t> whole_number(std::string_view text);

// A value that makes no sense: 400 BadParams.
Reply bad_member(std::string_view name);

struct PagedList {
  std::string_view path;
  std::string_view member;        // "campaigns"
  std::string_view total_member;  // "totalCampaignsCount"
  std::size_t usual_size = 20;
  std::size_t max_size = 1000;
};
// One page of `rows`, sorted by `sort` ("-createdAt"; by `id` without it): `page`, `pageSize` and
// `sort` of `query` are looked at. `nextPageUrl` and `previousPageUrl` are there when such a page
// is.
Reply paged(const PagedList& list, std::string_view query, std::vector<nlohmann::json> rows);

}  // namespace sojourn::sandbox
