// The embedded store: one SQLite file. See store.h for what a store promises and
// docs/store.md for the tables, the log and crashes.
//
// The returned store belongs to one thread. Closing it copies the log into the
// database, unless the store died of an error: then it leaves the disk as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "runtime/store/room_giver.h"
#include "runtime/store/store.h"

namespace sojourn::store {

class IoObserver;

struct SqliteOptions {
  std::string path;  // the database file; its directory must exist
  // Of a new file: a power of two from 512 to 65,536. docs/decisions/0002-page-size.md
  std::uint32_t page_bytes = 2048;
  std::uint64_t cache_bytes = 64ULL << 20;
  // The log is copied into the database after the commit that makes it longer.
  std::uint64_t log_limit_bytes = 64ULL << 20;
  // Of the soonest planned deliveries of each lane, so many are also kept in memory.
  std::size_t planned_in_memory = 4096;
  // Overwrites deleted rows, and pages that become free, with zeros. Without it `wash` leaves
  // something behind. docs/decisions/0057-nothing-left-behind.md has what it costs.
  bool secure_delete = true;
  // Sees every call to the disk; null for none. Must outlive the store.
  IoObserver* observer = nullptr;
  // Asked for room when a write finds the disk full. With none: the store ends, as of any other
  // error.
  RoomGiver room = {};
  // Called from within what takes long, on the store's thread, after each so many steps of
  // SQLite's; already while the file is opened. Empty: nobody wants to know.
  std::function<void()> goes_on = {};
};

// Opens or creates the file. Errors: kUnavailable when another process has it
// open; kInvalid when it cannot be a store of this program (wrong place, another
// program's file, a newer schema; the file is left as it is); kFatal otherwise.
base::Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace sojourn::store
