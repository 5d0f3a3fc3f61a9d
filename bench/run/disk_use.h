// How the bytes of database files divide, read after a clean stop. What one
// person who waits needs (identity, head, enrollment, timer, with their indexes)
// is told apart from everything else (dedup, history, log, counters).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace sojourn::bench {

struct DiskUse {
  // Bytes of whole pages by table, indexes included. The rows of different kinds
  // in `user_row` share pages; they are listed as `user_row KIND` by their share.
  std::map<std::string, double> by_part;

  double person_bytes() const;
  double other_bytes() const;
};

base::Result<DiskUse> disk_use(const std::filesystem::path& data_dir);

// Rows of these tables of one database, together.
base::Result<std::uint64_t> count_rows(const std::filesystem::path& database,
                                       const std::vector<std::string>& tables);

}  // namespace sojourn::bench
