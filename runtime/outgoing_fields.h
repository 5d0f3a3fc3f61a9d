// What the claim of a delivery reads from the user: whom to address, what to
// carry along. Pure.
#pragma once

#include <vector>

#include "base/instant.h"
#include "connectors/recipient.h"
#include "graph/value.h"

namespace sojourn::runtime {

class UserState;

// By the names that are known, in a project of that kind.
connectors::Recipient recipient_of(const UserState& user, connectors::ProjectIdentity identity);

// Profile fields that a journey set and that Iterable may not have applied yet:
// not accepted, or accepted less than `carry_for` before `now`.
std::vector<graph::Field> carried_fields(const UserState& user, base::Instant now,
                                         base::Millis carry_for);

}  // namespace sojourn::runtime
