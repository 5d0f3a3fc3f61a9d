// The deliveries that ended unsent although they were tried, by running number: the
// newest ones, as many as its limits let it keep. One row for each, of a user that nobody
// is; loaded when the shard begins and kept from then on. Each is written by the commit
// of the turn that learned how it ended. Owned by the shard, on its thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/dead_letter.h"
#include "runtime/delivery_order.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct TurnRecord;

struct DeadLetterLimits {
  std::size_t max_letters = 10'000;
  std::size_t max_bytes = 16U << 20;  // of their rows together
};

class DeadLetterBook {
 public:
  explicit DeadLetterBook(DeadLetterLimits limits) : limits_(limits) {}

  // kFatal when a row cannot be read.
  base::Status load(store::Store& store);

  // With no room the oldest go, and are counted.
  void add(DeadLetter letter, TurnRecord& record);
  // It is not kept any more. Its number must be known.
  DeadLetter take(std::uint64_t number, TurnRecord& record);
  const DeadLetter& at(std::uint64_t number) const;
  // Those of `from`, who has become `to`, are the other's; `added` to the numbers of its
  // enrollments.
  void move(store::UserId from, store::UserId to, std::uint32_t added);
  // What senders said of somebody, and left by the queue of an erasure of their name, is theirs.
  void give_back(store::UserId queue, store::UserId user);

  // Numbers of those that fit, oldest first, up to `up_to` (0: all).
  std::vector<std::uint64_t> find(const DeliveryFilter& filter, std::uint64_t up_to) const;
  std::vector<std::uint64_t> of_user(store::UserId user) const;
  bool has(const base::Hash128& key) const { return by_key_.contains(key); }
  bool has(std::uint64_t number) const { return letters_.contains(number); }
  // Of the newest one ever in this process or kept when it began; 0: none.
  std::uint64_t last_number() const { return last_number_; }

  std::size_t kept() const { return letters_.size(); }
  // Adds what changed to the commit.
  void write_to(store::Commit& commit);

 private:
  struct Entry {
    DeadLetter letter;
    std::size_t bytes = 0;
  };

  void keep(std::uint64_t number, DeadLetter letter, std::size_t bytes);
  void give(std::uint64_t number, Entry& entry, store::UserId to);
  DeadLetter forget(std::uint64_t number);

  const DeadLetterLimits limits_;
  std::map<std::uint64_t, Entry> letters_;
  std::map<base::Hash128, std::uint64_t> by_key_;
  std::size_t bytes_ = 0;
  std::uint64_t last_number_ = 0;
  std::set<std::uint64_t> changed_;  // to be written, or removed when it is not there
};

// Whether the letter, or the delivery, fits but for its key.
bool fits(const DeliveryFilter& filter, DeliveryState state, const DeliveryRecord& record);

}  // namespace sojourn::runtime
