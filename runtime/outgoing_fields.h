// What the claim of a delivery reads from the user: whom to address, what to
// carry along, whether there is consent. Pure.
#pragma once

#include <vector>

#include "base/instant.h"
#include "connectors/recipient.h"
#include "engine/advance.h"
#include "graph/catalog.h"
#include "graph/value.h"

namespace sojourn::runtime {

class UserState;

connectors::Recipient recipient_of(const UserState& user);

// Profile fields that a journey set and that Iterable may not have applied yet:
// not accepted, or accepted less than `carry_for` before `now`.
std::vector<graph::Field> carried_fields(const UserState& user, base::Instant now,
                                         base::Millis carry_for);

// Consent from the profile's own subscription fields, as Iterable keeps them: an
// opt-out type is refused by `unsubscribedMessageTypeIds`, the others need
// `subscribedMessageTypeIds`. A type without an id cannot be looked up: no
// consent, unless it is opt-out.
engine::SendPolicy send_policy(const UserState& user, const graph::Campaign& campaign,
                               const graph::MessageType& type);

}  // namespace sojourn::runtime
