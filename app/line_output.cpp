#include "app/line_output.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace sojourn::app {
namespace {

constexpr int kLastMillis = 1'000;

}  // namespace

LineOutput::~LineOutput() {
  if (!waiting_.empty() && has_room(kLastMillis)) write_waiting();
}

void LineOutput::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + line.size() > kMostWaiting) {
    ++lost_;
    return;
  }
  waiting_ += line;
  write_waiting();
}

void LineOutput::flush() {
  const std::lock_guard lock(mutex_);
  write_waiting();
}

std::uint64_t LineOutput::take_lost() {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() ? std::exchange(lost_, 0) : 0;
}

// A pipe that has room has a page of it, and takes so much whole.
void LineOutput::write_waiting() {
  std::size_t written = 0;
  while (written < waiting_.size() && has_room(0)) {
    const std::size_t size = std::min<std::size_t>(waiting_.size() - written, PIPE_BUF);
    const ssize_t taken = ::write(descriptor_, waiting_.data() + written, size);
    if (taken < 0 && errno == EINTR) continue;
    // Nobody will ever read it, or the disk is full: there is no other place for it.
    if (taken < 0 && errno != EAGAIN) written = waiting_.size();
    if (taken < 0) break;
    written += static_cast<std::size_t>(taken);
  }
  waiting_.erase(0, written);
}

bool LineOutput::has_room(int timeout_millis) const {
  pollfd look{descriptor_, POLLOUT, 0};
  const int found = ::poll(&look, 1, timeout_millis);
  // Also of a descriptor that is broken, which the write then finds.
  return found > 0;
}

}  // namespace sojourn::app
