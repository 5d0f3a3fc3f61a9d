// What the daemon keeps on disk, opened together: the store, the room on its disk, the ledger of
// erasures beside it, and the hold on a store that was restored. Made and opened on the loop's
// thread before the shard's begins; from then on the stores and the ledger are the shard's.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "app/config.h"
#include "app/disk_watch.h"
#include "app/log.h"
#include "base/result.h"
#include "runtime/erasure_ledger.h"
#include "runtime/held_store.h"
#include "runtime/store/store.h"

namespace sojourn::uv {
class Loop;
}

namespace sojourn::app {

class DaemonStore {
 public:
  // All outlive it. `goes_on` may be empty.
  DaemonStore(uv::Loop& loop, const Log& log, const Config& config, std::function<void()> goes_on);

  // Makes the folder if there is none. Blocks while the store looks at its log. Errors: those of
  // open_sqlite_store and ErasureLedger::open; kInvalid when the folder cannot be made.
  base::Status open();
  // `goes_on` was called, on this thread, whenever a piece of work on what is kept was done; from
  // here on it is not. Before the shard's thread begins.
  void started() { goes_on_ = nullptr; }

  // The rest after `open`.
  store::Store& on_disk() { return *store_; }
  // What the shard works on: nothing leaves it while it is held.
  store::Store& live() { return held_ ? static_cast<store::Store&>(*held_) : *store_; }
  // Null: it was not held when it was opened.
  runtime::HeldStore* held() { return held_ ? &*held_ : nullptr; }
  const runtime::HeldStore* held() const { return held_ ? &*held_ : nullptr; }
  // Null: none is kept.
  runtime::ErasureLedger* ledger() { return ledger_.get(); }
  DiskWatch& disk() { return disk_; }
  const DiskWatch& disk() const { return disk_; }

 private:
  base::Status open_database();
  base::Status open_ledger();
  base::Status look_whether_held();
  void warn_of_others() const;
  std::function<void()> teller();

  const Log& log_;
  const Config& config_;
  std::function<void()> goes_on_;
  DiskWatch disk_;  // the store asks it for room
  std::unique_ptr<store::Store> store_;
  std::optional<runtime::HeldStore> held_;
  std::unique_ptr<runtime::ErasureLedger> ledger_;
};

}  // namespace sojourn::app
