// What makes a copy of a store one that another process may go on from. Numbers that the store's
// first life has given since the copy was made are not known any more, and a message, a request
// and a log row are named by them. So the copy skips far ahead: no number of a user and no number
// of a commit can come twice.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace sojourn::store {

// More than a life can give of either before it is copied again.
inline constexpr std::uint64_t kNumbersOfALife = 1ULL << 32;

// In one transaction, durable on return; `setting` is given `value` by it, too. The file is a store
// that no process has open. Errors as those of open_sqlite_store.
base::Status begin_new_life(const std::string& path, const std::string& setting,
                            const std::string& value);

// What a backup and its restore need of a file system. Errors are kInvalid, and kConflict where
// something is there already: nothing is overwritten. A new file is synced on return.
base::Status copy_file(const std::string& from, const std::string& to);
// Makes `from` known as `to`, which is not there yet, durably.
base::Status move_into_place(const std::string& from, const std::string& to);
base::Status write_synced(const std::string& path, const std::string& text);

}  // namespace sojourn::store
