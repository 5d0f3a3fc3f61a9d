// What the profile and the catalog say about sending to a person: is there an
// address, is there consent. Pure.
#pragma once

#include "engine/advance.h"
#include "graph/catalog.h"

namespace sojourn::engine {

// Consent from the profile's own subscription fields, as Iterable keeps them: an
// opt-out type is refused by `unsubscribedMessageTypeIds`, the others need
// `subscribedMessageTypeIds`. A type without an id cannot be looked up: no
// consent, unless it is opt-out.
SendPolicy send_policy(const ProfileView& profile, const graph::Campaign& campaign,
                       const graph::MessageType& type);

}  // namespace sojourn::engine
