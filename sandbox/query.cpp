#include "sandbox/query.h"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>

#include "base/percent.h"
#include "base/text.h"
#include "sandbox/answers.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

struct Page {
  std::size_t number = 1;
  std::size_t size = 0;
  std::string sort;
};

std::string url_of(const PagedList& list, const Page& page, std::size_t number) {
  std::string url = fmt::format("{}?page={}&pageSize={}", list.path, number, page.size);
  if (!page.sort.empty()) url += "&sort=" + base::percent_encoded(page.sort);
  return url;
}

// Rows without the member come first, numbers before texts; rows that are alike stay in order.
std::vector<json> sorted_by(std::vector<json> rows, std::string_view sort) {
  const bool falling = sort.starts_with('-');
  if (falling || sort.starts_with('+')) sort.remove_prefix(1);
  const std::string member(sort);
  std::vector<std::pair<json, std::size_t>> keys;
  for (const json& row : rows) keys.emplace_back(row.value(member, json()), keys.size());
  std::sort(keys.begin(), keys.end(), [falling](const auto& a, const auto& b) {
    if (a.first == b.first) return a.second < b.second;
    return falling ? b.first < a.first : a.first < b.first;
  });
  std::vector<json> out;
  for (const auto& [key, place] : keys) out.push_back(std::move(rows[place]));
  return out;
}

}  // namespace

std::optional<std::vector<QueryMember>> members_of(std::string_view query) {
  std::vector<QueryMember> out;
  while (!query.empty()) {
    const std::string_view member = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), member.size() + 1));
    if (member.empty()) continue;
    const std::size_t equals = member.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : member.substr(equals + 1);
    auto decoded = base::percent_decoded(value);
    if (!decoded || base::first_invalid_utf8(*decoded)) return std::nullopt;
    out.push_back({std::string(member.substr(0, equals)), std::move(*decoded)});
  }
  return out;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Reply bad_member(std::string_view name) {
  return envelope(400, "BadParams", fmt::format("Invalid value for {}", name));
}

Reply paged(const PagedList& list, std::string_view query, std::vector<json> rows) {
  const auto members = members_of(query);
  if (!members) return bad_member("the query");
  Page page;
  page.size = list.usual_size;
  for (const QueryMember& member : *members) {
    const auto number = whole_number(member.value);
    if (member.name == "page") {
      if (!number || *number < 1) return bad_member("page");
      page.number = static_cast<std::size_t>(*number);
    } else if (member.name == "pageSize") {
      if (!number || *number < 1 || *number > static_cast<std::int64_t>(list.max_size)) {
        return bad_member("pageSize");
      }
      page.size = static_cast<std::size_t>(*number);
    } else if (member.name == "sort") {
      page.sort = member.value;
    }
  }
  if (!page.sort.empty()) rows = sorted_by(std::move(rows), page.sort);
  const std::size_t pages = (rows.size() + page.size - 1) / page.size;
  json shown = json::array();
  // A page number beyond the last is an empty page, whatever it is multiplied with.
  if (page.number <= pages) {
    const std::size_t from = (page.number - 1) * page.size;
    for (std::size_t i = from; i < std::min(rows.size(), from + page.size); ++i) {
      shown.push_back(std::move(rows[i]));
    }
  }
  json body{{std::string(list.member), std::move(shown)},
            {std::string(list.total_member), rows.size()}};
  if (page.number < pages) body["nextPageUrl"] = url_of(list, page, page.number + 1);
  if (page.number > 1) body["previousPageUrl"] = url_of(list, page, page.number - 1);
  return {.body = body.dump()};
}

}  // namespace sojourn::sandbox
