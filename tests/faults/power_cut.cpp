#include "tests/faults/power_cut.h"

namespace sojourn::faults {

bool cut_under(e2e::Daemon& daemon, const SmallDisk& disk, const SmallDisk* other) {
  const bool is_frozen = daemon.process().freeze();
  disk.cut_power();
  if (other != nullptr) other->cut_power();
  daemon.kill9();
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
