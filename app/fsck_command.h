// `sojourn fsck`: whether what lies in a store that no daemon has open is sound (runtime/fsck.h).
#pragma once

#include <iosfwd>

#include "app/store_path.h"

namespace sojourn::app {

struct FsckOptions : StorePlace {
  bool json = false;
};

// kClean; kFindings: something is wrong, and said on `out`; kCouldNotRun.
int fsck(const FsckOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
