#include "tests/faults/memory_group.h"

#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace sojourn::faults {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVersion1 = "/sys/fs/cgroup/memory";
constexpr const char* kVersion2 = "/sys/fs/cgroup";

bool write(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  return out.good();
}

bool has_version_2() {
  std::ifstream controllers(fs::path(kVersion2) / "cgroup.subtree_control");
  std::string word;
  while (controllers >> word) {
    if (word == "memory") return true;
  }
  return false;
}

// A number behind `name` in a file of such lines; the only number where `name` is empty.
std::uint64_t number_in(const fs::path& file, const std::string& name) {
  std::ifstream in(file);
  std::string word;
  std::uint64_t value = 0;
  if (name.empty()) in >> value;
  while (!name.empty() && in >> word >> value) {
    if (word == name) return value;
  }
  return name.empty() ? value : 0;
}

fs::path new_folder() {
  static int made = 0;
  const fs::path root = has_version_2() ? kVersion2 : kVersion1;
  return root / fmt::format("sojourn-faults-{}-{}", getpid(), ++made);
}

}  // namespace

std::optional<std::string> MemoryGroup::missing() {
  if (!has_version_2() && !fs::exists(fs::path(kVersion1) / "memory.limit_in_bytes")) {
    return "there is no memory controller under /sys/fs/cgroup";
  }
  const fs::path folder = new_folder();
  std::error_code failed;
  fs::create_directory(folder, failed);
  if (failed) return fmt::format("cannot make `{}`: {}", folder.string(), failed.message());
  rmdir(folder.c_str());
  return std::nullopt;
}

MemoryGroup::MemoryGroup(std::uint64_t cap_bytes)
    : folder_(new_folder()), is_version_2_(has_version_2()) {
  fs::create_directory(folder_);
  write(folder_ / (is_version_2_ ? "memory.max" : "memory.limit_in_bytes"),
        std::to_string(cap_bytes));
}

MemoryGroup::~MemoryGroup() {
  rmdir(folder_.c_str());
}

e2e::Words MemoryGroup::before() const {
  const std::string script =
      fmt::format("echo $$ > '{}/cgroup.procs' && exec \"$@\"", folder_.string());
  return {"sh", "-c", script, "sh"};
}

std::uint64_t MemoryGroup::kills() const {
  return number_in(folder_ / (is_version_2_ ? "memory.events" : "memory.oom_control"), "oom_kill");
}

std::uint64_t MemoryGroup::most_bytes() const {
  return number_in(folder_ / (is_version_2_ ? "memory.peak" : "memory.max_usage_in_bytes"), {});
}

}  // namespace sojourn::faults
