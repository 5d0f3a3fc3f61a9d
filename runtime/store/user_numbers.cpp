#include "runtime/store/user_numbers.h"

#include "base/check.h"

namespace sojourn::store {

UserNumbers::UserNumbers(Connection& connection)
    : heads_of_file_(connection, "SELECT shard, next_user FROM shard_head"),
      put_(connection,
           "INSERT INTO shard_head (shard, next_user) VALUES (?, ?)"
           " ON CONFLICT DO UPDATE SET next_user = excluded.next_user") {
  Query query(heads_of_file_);
  while (query.next()) {
    const auto next = static_cast<std::uint64_t>(query.integer(1));
    heads_[static_cast<std::size_t>(query.integer(0)) % kShardCount] = Head{next, next};
  }
}

bool UserNumbers::has_reserved(std::uint16_t shard) const {
  return heads_[shard].next < heads_[shard].reserved_end;
}

UserId UserNumbers::take(std::uint16_t shard) {
  Head& head = heads_[shard];
  SOJOURN_CHECK(head.next < head.reserved_end, "a user number is reserved before it is given");
  SOJOURN_CHECK(head.next < (1ULL << 48), "user numbers stay below 2^48");
  if (head.reserved_end - head.next == kLow) low_.push_back(shard);
  return UserId{shard, head.next++};
}

void UserNumbers::reserve_all() {
  for (std::uint16_t shard = 0; shard < kShardCount; ++shard) reserve(shard);
  low_.clear();
}

void UserNumbers::write_low() {
  for (const std::uint16_t shard : low_) reserve(shard);
  low_.clear();
}

// A failed transaction ends the store, so memory may run ahead of the disk here:
// no number is given out before the transaction has ended well.
void UserNumbers::reserve(std::uint16_t shard) {
  Head& head = heads_[shard];
  if (head.reserved_end - head.next > kLow) return;
  head.reserved_end += kBlock;
  run(put_, shard, head.reserved_end);
}

}  // namespace sojourn::store
