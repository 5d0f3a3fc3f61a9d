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

// The fields of every profile that Iterable keeps itself. Each has its type from the beginning, and
// takes no room.
struct Managed {
  std::string_view name;
  FieldType type;
};
constexpr auto kManaged = std::to_array<Managed>({
    {"browserTokens", FieldType::kObject},
    {"devices", FieldType::kObject},
    {"email", FieldType::kString},
    {"emailListIds", FieldType::kLong},
    {"itblUserId", FieldType::kString},
    {"profileUpdatedAt", FieldType::kDate},
    {"shoppingCartItems", FieldType::kObject},
    {"signupDate", FieldType::kDate},
    {"signupSource", FieldType::kString},
    {"subscribedMessageTypeIds", FieldType::kLong},
    {"unsubscribedChannelIds", FieldType::kLong},
    {"unsubscribedMessageTypeIds", FieldType::kLong},
    {"userId", FieldType::kString},
    {"userListIds", FieldType::kLong},
});

std::optional<FieldType> managed_type(std::string_view scope, std::string_view name) {
  if (scope != FieldTypes::kUsers) return std::nullopt;
  const auto* const found = std::ranges::find(kManaged, name, &Managed::name);
  if (found == kManaged.end()) return std::nullopt;
  return found->type;
}

// "2026-03-01", or a date with a time of day.
bool looks_like_date(std::string_view text) {
  constexpr std::size_t kDaySize = 10;
  if (text.size() < kDaySize || text.size() > 40) return false;
  return base::parse_timestamp(text.size() == kDaySize ? std::string(text) + "T00:00:00Z"
                                                       : std::string(text))
      .has_value();
}

std::vector<FieldType> candidates(const json& value);

// What all the values of a list can be taken for; of a list of different things, what the first one
// can.
std::vector<FieldType> common_candidates(const json& list) {
  std::vector<FieldType> first;
  std::vector<FieldType> common;
  for (const json& value : list) {
    const std::vector<FieldType> types = candidates(value);
    if (types.empty()) continue;
    if (first.empty()) first = common = types;
    std::erase_if(common,
                  [&](FieldType type) { return std::ranges::find(types, type) == types.end(); });
  }
  return common.empty() ? first : common;
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
      return common_candidates(value);
    default:
      return {};
  }
}

// The first value that a field of this type does not take: the whole, or one in a list.
const json* misfit(const json& value, FieldType type) {
  if (value.is_array()) {
    for (const json& one : value) {
      if (const json* found = misfit(one, type)) return found;
    }
    return nullptr;
  }
  const std::vector<FieldType> types = candidates(value);
  const bool fits = types.empty() || std::ranges::find(types, type) != types.end();
  return fits ? nullptr : &value;
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
  if (scope == kUsers) {
    for (const Managed& field : kManaged) out[field.name] = name_of(field.type);
  }
  const auto known = scopes_.find(scope);
  if (known == scopes_.end()) return out;
  for (const auto& [name, type] : known->second) out.emplace(name, name_of(type));
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
  for (const auto& [name, value] : fields.items()) {
    const std::optional<FieldType> type = type_of(scope, name);
    const json* offending = type ? misfit(value, *type) : nullptr;
    if (offending == nullptr) continue;
    out[name] = {{"incomingTypes", incoming_names(candidates(*offending))},
                 {"expectedType", name_of(*type)},
                 {"_type", "UnexpectedType"},
                 {"offendingValue", value},
                 {"category", scope == kUsers ? "user" : "event"}};
  }
  return out;
}

std::optional<FieldType> FieldTypes::type_of(std::string_view scope, std::string_view name) const {
  if (const auto managed = managed_type(scope, name)) return managed;
  const auto known = scopes_.find(scope);
  if (known == scopes_.end()) return std::nullopt;
  const auto found = known->second.find(name);
  return found == known->second.end() ? std::nullopt : std::optional(found->second);
}

bool FieldTypes::too_many(std::string_view scope, const json& fields) const {
  const std::size_t limit = scope == kUsers ? kMaxUserFields : kMaxEventFields;
  const auto known = scopes_.find(scope);
  std::size_t count = known == scopes_.end() ? 0 : known->second.size();
  for (const auto& [name, value] : fields.items()) {
    if (!type_of(scope, name) && !candidates(value).empty()) ++count;
  }
  return count > limit;
}

base::Status FieldTypes::learn(Inbox& inbox, std::string_view scope, const json& fields,
                               base::Instant now) {
  for (const auto& [name, value] : fields.items()) {
    const std::vector<FieldType> types = candidates(value);
    if (types.empty() || managed_type(scope, name) || scopes_.size() >= kMaxScopes) continue;
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
