#include "tests/unit/runtime/store/scratch_directory.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/check.h"

namespace sojourn::store {

namespace {

std::filesystem::path parent(ScratchDirectory::Place place) {
  const std::filesystem::path memory = "/dev/shm";
  if (place == ScratchDirectory::Place::kMemory && std::filesystem::is_directory(memory)) {
    return memory;
  }
  return std::filesystem::temp_directory_path();
}

}  // namespace

ScratchDirectory::ScratchDirectory(Place place) {
  std::string name = parent(place) / "sojourn-store-XXXXXX";
  SOJOURN_CHECK(mkdtemp(name.data()) != nullptr, "a test may make a temporary directory");
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace sojourn::store
