// How a profile says what its user belongs to: by ids, in the fields that Iterable keeps for it.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "sandbox/names.h"

namespace sojourn::sandbox {

inline constexpr const char* kListIds = "emailListIds";
inline constexpr const char* kSubscribedTypes = "subscribedMessageTypeIds";
inline constexpr const char* kUnsubscribedTypes = "unsubscribedMessageTypeIds";
inline constexpr const char* kUnsubscribedChannels = "unsubscribedChannelIds";

// Those in a field of a profile, as Profiles::find gives it.
nlohmann::json ids_of(const nlohmann::json& user, const char* field);
// The ids with `id` at their end, or without it.
nlohmann::json with_id(nlohmann::json ids, std::int64_t id, bool present);
// A users/update of these fields.
nlohmann::json update_of(const Named& named, nlohmann::json fields);

}  // namespace sojourn::sandbox
