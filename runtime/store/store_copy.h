// A copy of a store while it goes on, by the writer's own connection: some pages between two turns,
// and what a commit changes of the pages that are copied already is changed in the copy by the
// commit itself. So the copy is the store as of the moment at which its last page is copied, and
// nobody reads the file beside its writer. On the thread that has the store.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace sojourn::store {

class Connection;
class Store;
class Vfs;

class StoreCopy {
 public:
  // From the connection of a store or a survey to a new file, of which nothing may be there yet.
  static base::Result<std::unique_ptr<StoreCopy>> begin(Connection& from, const std::string& to);
  // Gives up a copy that is not whole; its file stays, and is no store.
  ~StoreCopy();
  StoreCopy(const StoreCopy&) = delete;
  StoreCopy& operator=(const StoreCopy&) = delete;

  // Copies at most `pages`. True: the copy is whole, synced, and closed. An error is one of the
  // copy (its disk is full): the store itself goes on.
  base::Result<bool> step(int pages);

 private:
  struct Open;
  explicit StoreCopy(std::unique_ptr<Open> open);

  std::unique_ptr<Open> open_;  // null once it is whole
};

// Of an open store. It must outlive the copy.
base::Result<std::unique_ptr<StoreCopy>> begin_copy(Store& store, const std::string& to);

}  // namespace sojourn::store
