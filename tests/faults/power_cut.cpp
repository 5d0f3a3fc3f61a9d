#include "tests/faults/power_cut.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sojourn::faults {

bool cut_under(e2e::Daemon& daemon, const SmallDisk& disk, const SmallDisk* other) {
  const bool is_frozen = daemon.process().freeze();
  disk.cut_power();
  if (other != nullptr) other->cut_power();
  daemon.kill9();
  return is_frozen;
}

bool cut_after(std::size_t count, const Sender& sender, e2e::Daemon& daemon, const SmallDisk& disk,
               const SmallDisk* other) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t acknowledged = 0;
  bool is_over = false;
  std::thread speaks([&] {
    sender([&] {
      const std::lock_guard lock(mutex);
      ++acknowledged;
      changed.notify_one();
    });
    const std::lock_guard lock(mutex);
    is_over = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return acknowledged >= count || is_over; });
  }
  const bool is_frozen = cut_under(daemon, disk, other);
  speaks.join();
  return is_frozen;
}

const e2e::Words& lying_syncs() {
  static const e2e::Words kWords{"strace", "-D",
                                 "-f",     "-qq",
                                 "-o",     "/dev/null",
                                 "-e",     "trace=fdatasync,fsync",
                                 "-e",     "inject=fdatasync,fsync:retval=0"};
  return kWords;
}

}  // namespace sojourn::faults
