// How a profile says what its user belongs to: by ids, in the fields that Iterable keeps for it.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "sandbox/names.h"
#include "sandbox/project.h"

namespace sojourn::sandbox {

// Where the lists of a user stand.
constexpr const char* list_field(ProjectType type) {
  return type == ProjectType::kEmail ? "emailListIds" : "userListIds";
}
inline constexpr const char* kSubscribedTypes = "subscribedMessageTypeIds";
inline constexpr const char* kUnsubscribedTypes = "unsubscribedMessageTypeIds";
inline constexpr const char* kUnsubscribedChannels = "unsubscribedChannelIds";

// Those in a field of a profile, as Profiles::find gives it: a list, or a single one. Whatever else
// stands there is no id.
nlohmann::json ids_of(const nlohmann::json& user, const char* field);
// The ids with `id` at their end, or without it.
nlohmann::json with_id(nlohmann::json ids, std::int64_t id, bool present);
// A users/update of these fields.
nlohmann::json update_of(const Named& named, nlohmann::json fields);

}  // namespace sojourn::sandbox
