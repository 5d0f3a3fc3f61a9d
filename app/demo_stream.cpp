#include "app/demo_stream.h"

#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

namespace sojourn::app {
namespace {

using Json = nlohmann::json;

std::optional<StreamItem> item_of(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("at") || !json.contains("path") ||
      !json.contains("body") || !json["at"].is_string() || !json["path"].is_string()) {
    return std::nullopt;
  }
  const auto at = base::parse_timestamp(json["at"].get<std::string>());
  if (!at) return std::nullopt;
  return StreamItem{*at, json["path"].get<std::string>(), json["body"].dump()};
}

}  // namespace

base::Result<std::vector<StreamItem>> read_stream(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    return base::failure(base::Error::Kind::kNotFound, fmt::format("cannot read {}", file),
                         "the demo needs the event stream that its example ships");
  }
  std::vector<StreamItem> items;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    auto item = item_of(line);
    if (!item) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("{}:{}: not an item of a stream", file, number),
                           R"(expected {"at":TIME,"path":"/api/…","body":{…}})");
    }
    if (!items.empty() && item->at < items.back().at) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("{}:{}: earlier than the line before", file, number));
    }
    items.push_back(std::move(*item));
  }
  if (items.empty()) {
    return base::failure(base::Error::Kind::kInvalid, fmt::format("{} is empty", file));
  }
  return items;
}

}  // namespace sojourn::app
