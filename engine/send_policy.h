// What the profile and the catalog say about sending to a person: is there an
// address, is there consent. Pure.
#pragma once

#include "engine/advance.h"
#include "graph/catalog.h"

namespace sojourn::engine {

// `subscribed to T`, and so the consent to messages of the type: from the profile's
// own subscription fields, as Iterable keeps them. An opt-out type is refused by
// `unsubscribedMessageTypeIds`, the others need `subscribedMessageTypeIds`. A type
// without an id cannot be looked up: not subscribed, unless it is opt-out.
bool is_subscribed(const ProfileView& profile, const graph::MessageType& type);

SendPolicy send_policy(const ProfileView& profile, const graph::Campaign& campaign,
                       const graph::MessageType& type);

}  // namespace sojourn::engine
