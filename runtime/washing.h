// When the files are rid of people who were erased. Their rows go with the commit that erases them;
// what the rows said stays in the log and in free space until the store is washed (store.h). That
// takes a checkpoint, so it is done for all erasures of kWashAfter together. A durable counter
// (erasures_to_wash) says that it is still to be done, whatever restarts lie between. Owned by the
// shard, on its thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// After an erasure. With a checkpoint of the log, that is how long anything is left in the files.
inline constexpr base::Millis kWashAfter = base::seconds(5);

// Counted by whatever takes out rows that named a person who is to leave no trace.
inline constexpr std::string_view kToWash = "erasures_to_wash";

class Washing {
 public:
  // kFatal when the store cannot be read. What the last process has left is due at once.
  base::Status load(store::Store& store, base::Instant now);

  // The commit is durable.
  void committed(const store::Commit& commit, base::Instant now);
  // When the store is to be washed; kNever: there is nothing to take out.
  base::Instant next() const { return next_; }
  // It was: the commit that notes it.
  store::Commit washed();

 private:
  std::int64_t waiting_ = 0;
  base::Instant next_ = base::kNever;
};

}  // namespace sojourn::runtime
