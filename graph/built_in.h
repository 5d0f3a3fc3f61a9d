// The user fields that every project has without declaring them: those that
// Iterable itself writes or gives a meaning to (help centre, "User Profile Fields
// Used by Iterable").
#pragma once

#include <span>
#include <string_view>

namespace sojourn::graph {

struct UserField;

// The consent of a user, by the ids of message types, and of the channels that they belong to.
inline constexpr std::string_view kSubscribedIds = "subscribedMessageTypeIds";
inline constexpr std::string_view kUnsubscribedIds = "unsubscribedMessageTypeIds";
inline constexpr std::string_view kUnsubscribedChannelIds = "unsubscribedChannelIds";

// Sorted by name. `email` and `userId` are identities: they are read like fields
// but set only by the identity of a request.
std::span<const UserField> built_in_user_fields();

}  // namespace sojourn::graph
