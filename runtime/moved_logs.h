// The logs of users who become others in one turn: their rows go over to the other's log, each
// under its commit. Read and written when the turn is, so a user may become another who becomes a
// third. Lives for one turn, on the shard's thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class MovedLogs {
 public:
  // `added` to the numbers of the enrollments that `from` tells of.
  void move(store::UserId from, store::UserId to, std::uint32_t added);
  // The user is erased: of the logs that have become theirs nothing is kept.
  void erase(store::UserId user);
  // Of each user who has become another the newest rows that a log may have. kFatal when a row
  // cannot be read.
  base::Status write_to(store::Commit& commit, store::Store& store) const;

 private:
  struct Move {
    store::UserId from;
    store::UserId to;
    std::uint32_t added = 0;
    bool is_erased = false;
  };
  std::vector<Move> moves_;
};

}  // namespace sojourn::runtime
