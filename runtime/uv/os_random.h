// Chance seeded by the operating system's entropy.
#pragma once

#include <memory>

#include "base/random.h"

namespace sojourn::uv {

std::unique_ptr<base::Random> os_seeded_random();

}  // namespace sojourn::uv
