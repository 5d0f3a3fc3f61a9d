// Whom an event with `for users where` is for. Pure, any thread.
#pragma once

#include <vector>

#include "engine/facts.h"
#include "graph/catalog.h"

namespace sojourn::engine {

// Is the event, with these fields, one of this user's? A missing field of either is
// no match.
bool is_for(const graph::FanOut& rule, const ProfileView& user,
            const std::vector<graph::Field>& event);

}  // namespace sojourn::engine
