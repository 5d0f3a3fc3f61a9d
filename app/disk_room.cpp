#include "app/disk_room.h"

#include <utility>

namespace sojourn::app {

DiskRoom::DiskRoom(const std::string& folder, std::int64_t ballast_bytes, FreeBytes free)
    : mark_bytes_(ballast_bytes),
      free_(std::move(free)),
      ballast_(folder, ballast_bytes),
      takes_in_(ballast_bytes == 0) {}

// A quarter of the mark beyond it: a door that opens and shuts every second helps nobody.
std::int64_t DiskRoom::wanted_bytes() const {
  const std::int64_t room = mark_bytes_ + mark_bytes_ / 4;
  return ballast_.is_held() ? room : room + mark_bytes_;
}

bool DiskRoom::look() {
  if (mark_bytes_ == 0) {
    // That of a process that was configured otherwise.
    give_up_ballast();
    return false;
  }
  const auto free = free_();
  // A file system that does not answer is no reason to open or shut anything.
  problem_ = free ? "" : free.error().message;
  if (!free) return false;
  free_bytes_ = *free;
  if (takes_in_) {
    if (ballast_.is_held() && free_bytes_ >= mark_bytes_) return false;
    give_up_ballast();
    takes_in_ = false;
    return true;
  }
  if (free_bytes_ < wanted_bytes()) {
    // What an earlier process left is of more use as room.
    give_up_ballast();
    return false;
  }
  if (auto made = ballast_.make(); !made) {
    problem_ = made.error().message;
    return false;
  }
  takes_in_ = true;
  return true;
}

DiskRoom::Report DiskRoom::report() const {
  Report report;
  report.takes_in = takes_in_;
  report.free_bytes = free_bytes_;
  report.ballast_bytes = ballast_.is_held() ? mark_bytes_ : 0;
  report.wanted_bytes = takes_in_ ? 0 : wanted_bytes();
  report.problem = problem_;
  return report;
}

}  // namespace sojourn::app
