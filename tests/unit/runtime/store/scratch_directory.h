// A directory of its own for one test, removed with all that is in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sojourn::store {

class ScratchDirectory {
 public:
  // `kMemory`: in a file system in memory where there is one, for tests that make
  // very many small files and in which no sync need be real.
  enum class Place : std::uint8_t { kDisk, kMemory };
  explicit ScratchDirectory(Place place = Place::kDisk);
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// All bytes of a file; empty when there is none.
std::string file_bytes(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& bytes);

}  // namespace sojourn::store
