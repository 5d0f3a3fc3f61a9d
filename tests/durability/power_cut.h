// Reads what a power cut left with a fresh store, and holds it against what was
// promised.
#pragma once

#include <string>
#include <vector>

#include "runtime/delivery_record.h"
#include "tests/durability/promise.h"
#include "tests/durability/witness.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::durability {

// A delivery that is claimed on disk.
struct Claim {
  store::DeliveryKey key;
  runtime::DeliveryRecord record;
};
std::vector<Claim> claims_on_disk(store::Store& store);

// Puts the files of `image` into `directory`; the database's path there.
std::string restore(const store::PowerDisk::Image& image, const store::ScratchDirectory& directory);

// Of the file at `path`, which nobody has open.
std::vector<Broken> broken_on_disk(const std::string& path, const Promises& promises);
std::vector<Broken> broken_by_power_cut(const store::PowerDisk::Image& image,
                                        const Promises& promises);

}  // namespace sojourn::durability
