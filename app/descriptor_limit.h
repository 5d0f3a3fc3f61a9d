// How many descriptors the process may have open, against how many its settings can make it open.
// Where there are too few, connections are dropped before their own limits say anything.
#pragma once

#include <cstdint>

#include "app/config.h"

namespace sojourn::app {

struct DescriptorLimit {
  std::uint64_t needed =
      0;  // every connection that the settings allow, and the process's own files
  std::uint64_t allowed = 0;  // from now on
};

// Raises the limit of the process to what is needed, as far as the system lets it. Call it before
// anything listens. Any thread, but it is the whole process's.
DescriptorLimit raise_descriptor_limit(const Config& config);

}  // namespace sojourn::app
