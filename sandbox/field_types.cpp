#include "sandbox/field_types.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "sandbox/inbox.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// By FieldType; the words are stored and sent.
constexpr auto kNames = std::to_array<std::string_view>(
    {"string", "date", "long", "double", "boolean", "object", "geo_location"});

// "2026-03-01", or a date with a time of day.
bool looks_like_date(std::string_view text) {
  constexpr std::size_t kDaySize = 10;
  if (text.size() < kDaySize || text.size() > 40) return false;
  return base::parse_timestamp(text.size() == kDaySize ? std::string(text) + "T00:00:00Z"
                                                       : std::string(text))
      .has_value();
}

// What a value can be taken for, the type that a new field would get first.
// Nothing for null and for an empty list, which fit everything.
std::vector<FieldType> candidates(const json& value) {
  switch (value.type()) {
    case json::value_t::boolean:
      return {FieldType::kBoolean};
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      return {FieldType::kLong, FieldType::kDouble};
    case json::value_t::number_float:
      return {FieldType::kDouble};
    case json::value_t::string:
      if (looks_like_date(value.get_ref<const std::string&>())) {
        return {FieldType::kDate, FieldType::kString};
      }
      return {FieldType::kString};
    case json::value_t::object: {
      const auto lat = value.find("lat");
      const auto lon = value.find("lon");
      const bool point = value.size() == 2 && lat != value.end() && lon != value.end() &&
                         lat->is_number() && lon->is_number();
      if (point) return {FieldType::kGeoLocation, FieldType::kObject};
      return {FieldType::kObject};
    }
    case json::value_t::array:
      return value.empty() ? std::vector<FieldType>{} : candidates(value.front());
    default:
      return {};
  }
}

// A plain string is reported under two names.
json incoming_names(const std::vector<FieldType>& types) {
  json out = json::array();
  for (const FieldType type : types) {
    out.push_back(name_of(type));
    if (type == FieldType::kString) out.push_back("keyword");
  }
  return out;
}

}  // namespace

std::string_view name_of(FieldType type) {
  return kNames.at(static_cast<std::size_t>(type));
}

std::optional<FieldType> field_type_of(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<FieldType>(found - kNames.begin());
}

void FieldTypes::declare(std::string_view scope, std::string_view name, FieldType type) {
  scopes_[std::string(scope)].try_emplace(std::string(name), type);
}

json FieldTypes::listed(std::string_view scope) const {
  json out = json::object();
  const auto known = scopes_.find(scope);
  if (known == scopes_.end()) return out;
  for (const auto& [name, type] : known->second) out[name] = name_of(type);
  return out;
}

base::Result<FieldTypes> FieldTypes::load(Inbox& inbox) {
  FieldTypes types;
  const auto read = inbox.each(RecordKind::kFieldType, [&](const store::LoggedRecord& logged) {
    // One that is unknown is of a newer program.
    if (const auto type = field_type_of(logged.record.body)) {
      types.declare(logged.record.topic, logged.record.subject, *type);
    }
  });
  if (!read) return tl::unexpected(read.error());
  return types;
}

json FieldTypes::mismatches(std::string_view scope, const json& fields) const {
  json out = json::object();
  const auto known = scopes_.find(scope);
  if (known == scopes_.end()) return out;
  for (const auto& [name, value] : fields.items()) {
    const auto type = known->second.find(name);
    if (type == known->second.end()) continue;
    const std::vector<FieldType> incoming = candidates(value);
    if (incoming.empty()) continue;
    if (std::find(incoming.begin(), incoming.end(), type->second) != incoming.end()) continue;
    out[name] = {{"incomingTypes", incoming_names(incoming)},
                 {"expectedType", name_of(type->second)},
                 {"_type", "UnexpectedType"},
                 {"offendingValue", value},
                 {"category", scope == kUsers ? "user" : "event"}};
  }
  return out;
}

bool FieldTypes::too_many(std::string_view scope, const json& fields) const {
  const std::size_t limit = scope == kUsers ? kMaxUserFields : kMaxEventFields;
  const auto known = scopes_.find(scope);
  std::size_t count = known == scopes_.end() ? 0 : known->second.size();
  for (const auto& [name, value] : fields.items()) {
    const bool is_new = known == scopes_.end() || !known->second.contains(name);
    if (is_new && !candidates(value).empty()) ++count;
  }
  return count > limit;
}

base::Status FieldTypes::learn(Inbox& inbox, std::string_view scope, const json& fields,
                               base::Instant now) {
  for (const auto& [name, value] : fields.items()) {
    const std::vector<FieldType> types = candidates(value);
    if (types.empty() || scopes_.size() >= kMaxScopes) continue;
    auto known = scopes_.find(scope);
    if (known == scopes_.end()) known = scopes_.emplace(scope, Scope{}).first;
    if (!known->second.try_emplace(name, types.front()).second) continue;
    const auto kept =
        inbox.keep(RecordKind::kFieldType, {.topic = std::string(scope),
                                            .key = {},
                                            .subject = name,
                                            .time = now,
                                            .body = std::string(name_of(types.front()))});
    if (!kept) return tl::unexpected(kept.error());
  }
  return {};
}

}  // namespace sojourn::sandbox
