// The promise in one function: what a turn did is durable before anybody can see
// it. The durability test replaces this file by versions that break the order,
// and must turn red.
#pragma once

#include "base/result.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// Who is told what a committed turn lets the world see: answers for senders,
// claimed deliveries for the dispatcher. Called on the shard's thread.
class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual void publish(TurnOutput output) = 0;
  virtual void answer(QueryAnswer answer) = 0;
};

// Commits, and publishes only when that has succeeded. kFatal otherwise.
base::Status commit_then_publish(store::Store& store, const store::Commit& commit,
                                 TurnOutput output, Publisher& publisher);

}  // namespace sojourn::runtime
