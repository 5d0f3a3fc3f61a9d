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

// Kept of a user beside what authors and senders know; `#` begins a comment, so no declared field
// is called so.
//
// Whom a medium does not reach any more: an object by medium, each an object with the reason (none:
// they can be reached again), when it was said, and the address of which it was said, if that is
// known; of another address it says nothing.
inline constexpr std::string_view kSuppressed = "#suppressed";
inline constexpr std::string_view kSuppressedWhy = "reason";
inline constexpr std::string_view kSuppressedAt = "at";
inline constexpr std::string_view kSuppressedOf = "of";
// Of this reason it says nothing to messages that are no marketing.
inline constexpr std::string_view kComplaint = "complaint";
// When what was last said of each message type and channel (runtime/said_consent.h).
inline constexpr std::string_view kSaidTimes = "#said";

// Sorted by name. `email` and `userId` are identities: they are read like fields
// but set only by the identity of a request.
std::span<const UserField> built_in_user_fields();

}  // namespace sojourn::graph
