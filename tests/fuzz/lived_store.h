// A store of the world after some days of a few people: rows of every kind, things that wait, are
// under way and have ended. The same bytes in every process.
#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "tests/unit/runtime/store/stored_cells.h"

namespace sojourn::fuzz {

// The database file, closed, and the moment at which it was.
struct LivedStore {
  std::string bytes;
  base::Instant at;
};
const LivedStore& lived_store();

// What its cells hold.
const std::vector<store::Cell>& lived_cells();

}  // namespace sojourn::fuzz
