// A store that passes everything on to one that it owns.
#pragma once

#include <memory>
#include <utility>

#include "runtime/store/passing_store.h"

namespace sojourn::sim {

struct OwnedStore {
  std::unique_ptr<store::Store> owned;
};

class PassingStore : private OwnedStore, public store::PassingStore {
 public:
  explicit PassingStore(std::unique_ptr<store::Store> under)
      : OwnedStore{std::move(under)}, store::PassingStore(*owned) {}
};

}  // namespace sojourn::sim
