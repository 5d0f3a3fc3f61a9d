// What a process has used, as /proc says.
#pragma once

#include <cstdint>

namespace sojourn::faults {

// The most memory that it has had resident at once; 0 when there is no such process.
std::int64_t most_resident_kilobytes(int pid);

}  // namespace sojourn::faults
