// Planted: places on the line that splits divide, which depend on the process as well.
#pragma once

#include <cstdint>

namespace sojourn::sim {

// 0: as they should be.
void salt_places(std::uint64_t salt);

}  // namespace sojourn::sim
