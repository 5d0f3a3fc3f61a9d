// What differs between two states of an Iterable project, in words, a line each. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "dsl/ids_lock.h"

namespace sojourn::app {

// In a fixed order: channels, message types, campaigns, lists, user fields, events; each by id or
// name. Where both were read from, and the hash of a catalog, are no differences.
std::vector<std::string> lock_changes(const dsl::IdsLock& before, const dsl::IdsLock& after);

}  // namespace sojourn::app
