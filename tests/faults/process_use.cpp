#include "tests/faults/process_use.h"

#include <fmt/format.h>
#include <fstream>
#include <string>

namespace sojourn::faults {

std::int64_t most_resident_kilobytes(int pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  std::string word;
  std::int64_t value = 0;
  while (status >> word) {
    if (word == "VmHWM:" && status >> value) return value;
  }
  return 0;
}

}  // namespace sojourn::faults
