// People whose erasure is on its way to Iterable: what is said later about somebody of the same
// name leaves behind it, since otherwise it would be the new person whom Iterable erases. Requests
// that go on leave one by one for each user (turn_forwards.cpp); from the erasure on, those of its
// names leave by the queue of the user who was erased, whoever has the names by then, until that
// queue is empty.
//
// Durable: each name as an identity of a kind of its own, which names the queue, and the names of a
// queue in a row of the user who was erased (kind kLeaving), so that they can be removed. Both go
// with the last request of the queue.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct TurnContext;
struct TurnRecord;

// How many such queues there are, so that nothing is looked up where there are none: a durable
// counter (erasures_leaving). Owned by the shard, on its thread.
class LeavingQueues {
 public:
  // kFatal when the store cannot be read.
  base::Status load(store::Store& store);
  bool any() const { return count_ > 0; }
  void changed(int by, TurnRecord& record);

 private:
  std::int64_t count_ = 0;
};

// Lives for one turn, on the shard's thread. Reads the store only where there is such a queue.
class LeavingNames {
 public:
  LeavingNames(const TurnContext& context, TurnRecord& record)
      : context_(context), record_(record) {}

  bool any() const;
  // The queues of these names, each once.
  std::vector<store::UserId> queues_of(std::span<const store::Identity> names);
  // From here on these names leave by that queue, also those that left by another.
  void add(std::span<const store::Identity> names, store::UserId queue);
  // The names that leave by it.
  std::set<store::Identity> names_of(store::UserId queue);
  // Nothing waits in these queues of requests any more.
  void emptied(std::span<const store::UserId> queues);

  void write_to(TurnRecord& record) const;
  // Set when the store failed; the turn must not commit.
  const base::Status& status() const { return status_; }

 private:
  using Names = std::set<store::Identity>;
  struct Mark {
    std::optional<store::UserId> now;
    std::optional<store::UserId> stored;
  };
  struct Queue {
    Names names;
    bool stored = false;
    bool changed = false;
  };

  Mark& mark(const store::Identity& name);
  Queue& queue(store::UserId id);

  const TurnContext& context_;
  TurnRecord& record_;
  std::map<store::Identity, Mark> marks_;  // by name
  std::map<store::UserId, Queue> queues_;
  base::Status status_;
};

// Format: u8 version (1), varint count, then for each: u8 kind of the name, string.
std::string encode_names(const std::set<store::Identity>& names);
base::Result<std::set<store::Identity>> decode_names(std::string_view bytes);

}  // namespace sojourn::runtime
