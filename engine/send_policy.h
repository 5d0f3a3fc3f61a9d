// What the profile and the catalog say about sending to a person: is there an
// address, is there consent. Pure.
#pragma once

#include <vector>

#include "engine/advance.h"
#include "graph/catalog.h"

namespace sojourn::engine {

// `subscribed to T`, and so the consent to messages of the type: they have consented to it, and not
// opted out of its channel.
bool is_subscribed(const ProfileView& profile, const graph::MessageType& type);

// What was said of the type itself: from the profile's own subscription fields, as Iterable
// keeps them. An opt-out type is refused by `unsubscribedMessageTypeIds`, the others need
// `subscribedMessageTypeIds`. A type without an id cannot be looked up: no consent, unless it
// is opt-out.
bool has_consented(const ProfileView& profile, const graph::MessageType& type);

// What was said of the channel that the type belongs to: `unsubscribedChannelIds` has it.
bool is_channel_off(const ProfileView& profile, const graph::MessageType& type);

// The subscription fields of the profile once the user is subscribed to `type`, or no more;
// empty when they stay as they are, or the type has no id.
std::vector<graph::Field> with_subscription(const ProfileView& profile,
                                            const graph::MessageType& type, bool subscribed);

// The subscription fields of the profile of somebody who turns out to be `other` as well: what
// either has opted out of, they have opted out of; whom a medium does not reach, it does not. With
// `subscriptions` what the other has subscribed to counts, too. Empty when they stay as they are.
std::vector<graph::Field> with_consent_of(const ProfileView& profile, const ProfileView& other,
                                          bool subscriptions);

// Why `medium` does not reach the person any more (graph::kSuppressed), or not with such a
// message; empty: it does, for all that is known.
std::string_view suppressed(const ProfileView& profile, const graph::MessageKind& kind);

SendPolicy send_policy(const ProfileView& profile, const graph::Campaign& campaign,
                       const graph::MessageType& type);

}  // namespace sojourn::engine
