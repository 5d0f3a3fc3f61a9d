// A sync that fails may leave the log in the operating system's memory and not on the disk: the
// pages count as written, so no later sync writes them, and yet every process reads them until the
// machine stops. Whoever appends to such a log and syncs has commits on the disk behind a gap, and
// a power cut takes them. So the log is written once more before anything is built on it.
// docs/decisions/0049-a-log-is-written-again-at-a-start.md
#pragma once

namespace sojourn::store {

class Connection;

// Writes what the log's file holds over itself, and syncs it; a failure is the connection's. After
// the first read, which opens the log, and before the first write. Nothing to do after a clean end,
// which leaves no log.
void renew_log(Connection& connection);

}  // namespace sojourn::store
