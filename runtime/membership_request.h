// The request of a delivery that puts its user on a list, takes them off it, subscribes or
// unsubscribes them. Pure.
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "connectors/recipient.h"
#include "connectors/request.h"
#include "runtime/delivery_record.h"

namespace sojourn::graph {
struct Catalog;
}

namespace sojourn::runtime {

class UserState;

bool is_membership(DeliveryRecord::Kind kind);

// Of a delivery in doubt: what it asks when it is tried again. It may have left already, and arrive
// behind what was decided since; so it does not end as superseded, but says that once more. One of
// another kind, and one that cannot be turned, stays what it is. The list or message type is one of
// the catalog.
DeliveryRecord::Kind what_holds(const DeliveryRecord& record, const UserState& user,
                                const graph::Catalog& catalog);

// Or why nothing is to be asked any more: `superseded`, the user has been moved on since;
// `no_consent`, they have opted out of the channel that would ask them. The
// list or message type is one of the catalog and has an id; the recipient, the user, an address.
tl::expected<connectors::HttpRequest, std::string_view> membership_request(
    const DeliveryRecord& record, const UserState& user, const connectors::Recipient& recipient,
    const graph::Catalog& catalog);

}  // namespace sojourn::runtime
