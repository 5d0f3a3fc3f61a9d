// Whom an event with `for users where` is for. Pure, any thread.
#pragma once

#include <optional>
#include <vector>

#include "base/hash.h"
#include "engine/facts.h"
#include "graph/catalog.h"

namespace sojourn::engine {

// Is the event, with these fields, one of this user's? A missing field of either is
// no match.
bool is_for(const graph::FanOut& rule, const ProfileView& user,
            const std::vector<graph::Field>& event);

// The same by an index: an event is for the users one of whose keys is the event's. Values
// that `==` takes for equal have one key; a missing value has none. Keys are stored.
std::optional<base::Hash128> fan_out_key(const graph::FanOut& rule,
                                         const std::vector<graph::Field>& event);
// What the user's field reads as; of a list (`contains`), each item. Sorted, each once.
std::vector<base::Hash128> fan_out_keys(const graph::Value& user_field, bool contains);

}  // namespace sojourn::engine
