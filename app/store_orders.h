// What an operator wants done with the store of a running daemon: a backup of it; or, of one that
// is held (runtime/held_store.h), that it goes on. Each is carried out on the shard's thread
// between turns (ShardThread::run_between_turns), in steps that hold up nobody for long.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/held_store.h"
#include "runtime/shard_input.h"
#include "runtime/shard_thread.h"

namespace sojourn::runtime {
class Shard;
}

namespace sojourn::app {

struct StoreOrder {
  enum class What : std::uint8_t {
    kBackup,        // a copy of the database in the new file `to`
    kLetTimersRun,  // of a held store: what is due is worked on, and nothing leaves
    kRelease,       // everything goes on
  };
  What what = What::kBackup;
  std::string to;  // absolute
  std::string by;  // whom the log names
};
// As it stands in the log of commands.
std::string words_of(const StoreOrder& order);

// The parts of a daemon that an order is about; they outlive every job.
struct StoreParts {
  store::Store& file;
  runtime::HeldStore* held = nullptr;  // null: it was not held when the daemon began
  runtime::Shard& shard;
};

// What the operator is told.
runtime::QueryAnswer answer_of(std::uint64_t token, const base::Status& status);

// Pages that one step copies: 512 KiB at the page size of new files, a few milliseconds.
inline constexpr int kBackupStepPages = 256;

// For run_between_turns. `done` is called once, on the shard's thread.
runtime::ShardThread::Job job_of(StoreOrder order, StoreParts parts,
                                 std::function<void(base::Status)> done);

}  // namespace sojourn::app
