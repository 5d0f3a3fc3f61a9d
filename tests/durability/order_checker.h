// The order that durability rests on, checked on a record of what happened: what
// is published belongs to a commit that is complete and for which the log was
// written and synced, and no file has a write that was not synced since. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tests/durability/promise.h"

namespace sojourn::durability {

// A call to the disk that succeeded. The log is the file named *-wal.
struct Written {
  std::string file;
};
struct Synced {
  std::string file;
};
// Something became visible outside.
struct Published {
  Promise promise = Promise::kAnswer;
  std::string name;
  std::uint64_t commit = 0;       // the one it belongs to
  std::uint64_t last_commit = 0;  // the last one complete at that moment, says the store
};
using Happening = std::variant<Written, Synced, Published>;

std::vector<Broken> broken_by_order(const std::vector<Happening>& happenings);

}  // namespace sojourn::durability
