// Writes that continue each other, kept back to be written as one. SQLite writes
// a commit to the log as two small writes per page, one after the other; joined,
// they cost a tenth of the system calls. A checkpoint writes pages in their order in
// the database, many of them neighbours.
//
// A value: it holds bytes and knows nothing of files. Whoever keeps writes back
// must write them before anything else is done with the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sojourn::store {

class WriteRun {
 public:
  // SQLite's file layer for Unix writes at most 2^17 - 1 bytes at once, and takes
  // exactly 2^17 for none.
  static constexpr std::size_t kMaxBytes = std::size_t{120} << 10;

  bool empty() const { return bytes_.empty(); }
  std::int64_t offset() const { return offset_; }
  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

  // False, and nothing is kept, unless `bytes` start where the run ends (or it is
  // empty) and there is room.
  bool add(std::int64_t offset, std::string_view bytes) {
    const bool follows = empty() || offset == offset_ + static_cast<std::int64_t>(bytes_.size());
    if (!follows || bytes_.size() + bytes.size() > kMaxBytes) return false;
    if (empty()) offset_ = offset;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return true;
  }
  // The last `count` bytes, to be changed before they are written.
  std::span<char> last(std::size_t count) { return std::span(bytes_).last(count); }
  // Keeps the room.
  void clear() { bytes_.clear(); }

 private:
  std::vector<char> bytes_;
  std::int64_t offset_ = 0;
};

}  // namespace sojourn::store
