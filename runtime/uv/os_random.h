// The operating system's entropy.
#pragma once

#include <memory>
#include <span>

#include "base/random.h"

namespace sojourn::uv {

// Chance seeded by it; not for secrets, since 64 bits make all of it.
std::unique_ptr<base::Random> os_seeded_random();

// Chance of which each number is from it, so that none says anything of another: also for secrets
// that are kept.
std::unique_ptr<base::Random> os_random();

// Each byte from the system; for secrets. At most 256 bytes.
void fill_from_os(std::span<unsigned char> bytes);

}  // namespace sojourn::uv
