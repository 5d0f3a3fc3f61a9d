// A copy of a store while it goes on, by the writer's own connection: some pages between two turns,
// and what a commit changes of the pages that are copied already is changed in the copy by the
// commit itself. So the copy is the store as of the moment at which its last page is copied, and
// nobody reads the file beside its writer. On the thread that has the store.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace sojourn::store {

class Connection;
class IoObserver;
class Store;

// A copy leaves so much room on its disk, which may be that of the store: its log may grow so far.
inline constexpr std::uint64_t kRoomToSpareBytes = 128ULL << 20;

// A copy is synced whenever so much of it has been written: the last sync, which the shard's thread
// waits for as for the others, has no more to do.
inline constexpr std::int64_t kSyncCopyEveryBytes = 32LL << 20;

class StoreCopy {
 public:
  // From the connection of a store or a survey to a new file, of which nothing may be there yet.
  // `observer` sees every call to the disk of the copy; it may be null. Errors: kConflict when the
  // file is there; kInvalid when it cannot be made, or its disk has not room enough.
  static base::Result<std::unique_ptr<StoreCopy>> begin(Connection& from, const std::string& to,
                                                        IoObserver* observer = nullptr);
  // Gives up a copy that is not whole; its file stays, and is no store.
  ~StoreCopy();
  StoreCopy(const StoreCopy&) = delete;
  StoreCopy& operator=(const StoreCopy&) = delete;

  // Copies at most `pages`, with a sync now and then. True: the copy is whole, synced, and closed.
  // An error is one of the copy (its disk is full): the store itself goes on.
  base::Result<bool> step(int pages);

 private:
  struct Open;
  // After a step of so many that was not the last.
  base::Result<bool> sync_if_long(int pages);
  explicit StoreCopy(std::unique_ptr<Open> open);

  std::unique_ptr<Open> open_;  // null once it is whole
};

// Of an open store. It must outlive the copy.
base::Result<std::unique_ptr<StoreCopy>> begin_copy(Store& store, const std::string& to,
                                                    IoObserver* observer = nullptr);

}  // namespace sojourn::store
