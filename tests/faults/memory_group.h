// A memory cgroup of version 1 or 2 with a cap, gone with the object. What is in it shares the cap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/e2e/process.h"

namespace sojourn::faults {

class MemoryGroup {
 public:
  // Why no group can be made here; nothing: one can.
  static std::optional<std::string> missing();

  // Check `missing` first.
  explicit MemoryGroup(std::uint64_t cap_bytes);
  ~MemoryGroup();
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;

  // Words that put a program into the group and become it.
  e2e::Words before() const;
  // How often the kernel has killed something in the group.
  std::uint64_t kills() const;
  // The most that was charged to it, file pages included.
  std::uint64_t most_bytes() const;

 private:
  std::filesystem::path folder_;
  bool is_version_2_ = false;
};

}  // namespace sojourn::faults
