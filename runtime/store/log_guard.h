// Finds damage in a write-ahead log that SQLite cannot tell from its end. SQLite reads a log up to
// the first frame whose checksum is wrong, since a power cut leaves such a frame behind the last
// commit that was synced; of a byte that flipped further in front it therefore makes a log that
// ends there, and what was acknowledged behind it is gone without a word.
//
// A commit is synced before the next one begins. So nothing can follow the commit in which a power
// cut has torn a frame; where a later commit does, or the log's own head is wrong, the log is
// damaged. That the last commit of a log is damaged cannot be told from a power cut in it; nor, of
// the commit before, that its last frame is gone whole.
#pragma once

#include <string>

#include "base/result.h"

namespace sojourn::store {

// Of the log at `path`, before it is written to, while nobody else can. No log is a good one. Reads
// it once, a frame at a time. The error is kFatal.
base::Status check_log(const std::string& path);

// Before SQLite opens the database at `path`. A log whose database is missing or empty is an error
// (kFatal): SQLite would take it for a leftover, and delete it.
base::Status check_not_orphaned(const std::string& path);

}  // namespace sojourn::store
