// What a purchase and a cart have in common. Only this folder includes it.
#pragma once

#include <string>
#include <vector>

#include "connectors/recipient.h"

namespace sojourn::connectors::iterable {

class Body;
struct CommerceItem;

// The members `user` and `items`.
void append_commerce(Body& body, const Recipient& user, const std::vector<CommerceItem>& items);

}  // namespace sojourn::connectors::iterable
