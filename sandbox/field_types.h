// The project's memory for types: the first value of a field fixes its type for
// good, in user profiles across the project, in events among those of one name.
// A limit on the number of fields, as Iterable has. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;

enum class FieldType : std::uint8_t {
  kString,
  kDate,
  kLong,
  kDouble,
  kBoolean,
  kObject,
  kGeoLocation,
};
// In Iterable's words, as `getFields` lists them.
std::string_view name_of(FieldType type);
std::optional<FieldType> field_type_of(std::string_view name);

class FieldTypes {
 public:
  static constexpr std::string_view kUsers = "user";  // the scope of their fields
  static constexpr std::size_t kMaxUserFields = 1000;
  static constexpr std::size_t kMaxEventFields = 8000;  // of one event
  // Event names whose fields are remembered; further ones take any type.
  static constexpr std::size_t kMaxScopes = 10'000;

  // Remembers what an earlier run learnt.
  static base::Result<FieldTypes> load(Inbox& inbox);

  // Scope kUsers, or `event ` and the event's name.
  // {field: {"incomingTypes", "expectedType", …}} for each field that does not fit, as
  // Iterable reports them; empty when all do.
  nlohmann::json mismatches(std::string_view scope, const nlohmann::json& fields) const;
  // Whether `fields` has more new names than the scope has room for.
  bool too_many(std::string_view scope, const nlohmann::json& fields) const;
  // A field that the project has from the beginning.
  void declare(std::string_view scope, std::string_view name, FieldType type);
  // {field: type} of a scope; of users with the fields that every project has.
  nlohmann::json listed(std::string_view scope) const;
  base::Status learn(Inbox& inbox, std::string_view scope, const nlohmann::json& fields,
                     base::Instant now);

 private:
  // Nothing for a field that is new.
  std::optional<FieldType> type_of(std::string_view scope, std::string_view name) const;

  using Scope = std::map<std::string, FieldType, std::less<>>;
  std::map<std::string, Scope, std::less<>> scopes_;
};

}  // namespace sojourn::sandbox
