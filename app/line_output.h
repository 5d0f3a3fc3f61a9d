// Writes lines to a descriptor as far as it takes them, and never waits for it: whoever does not
// read the log must not stop what is logged. Lines that find no room wait, at most kMostWaiting
// bytes of them; beyond that they are lost, and counted. Callable from any thread; lines do not
// mix.
//
// Where another process writes to the same pipe, its last free page may be gone between a look and
// a write, and the write waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace sojourn::app {

class LineOutput {
 public:
  static constexpr std::size_t kMostWaiting = std::size_t{1} << 20;

  // `descriptor` stays open, and is its owner's.
  explicit LineOutput(int descriptor) : descriptor_(descriptor) {}
  // A second is waited for room, if lines wait.
  ~LineOutput();
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  // `line` ends with its newline.
  void write(std::string_view line);
  // What waits leaves as far as there is room now.
  void flush();
  // How many lines were lost since this was asked; 0 as long as others wait before them.
  std::uint64_t take_lost();

 private:
  void write_waiting();
  bool has_room(int timeout_millis) const;

  const int descriptor_;
  std::mutex mutex_;
  std::string waiting_;
  std::uint64_t lost_ = 0;
};

}  // namespace sojourn::app
