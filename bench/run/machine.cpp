#include "bench/run/machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <linux/magic.h>
#include <sqlite3.h>
#include <string>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

#include "bench/wire/clock.h"
#include "bench/wire/percentile.h"
#include "bench/wire/socket.h"

namespace sojourn::bench {
namespace {

constexpr long kXfsMagic = 0x58465342;  // not in linux/magic.h

std::string file_system(long magic) {
  switch (magic) {
    case EXT4_SUPER_MAGIC:
      return "ext4";
    case kXfsMagic:
      return "xfs";
    case BTRFS_SUPER_MAGIC:
      return "btrfs";
    case OVERLAYFS_SUPER_MAGIC:
      return "overlayfs";
    default:
      return fmt::format("file system {:#x}", magic);
  }
}

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

// Milliseconds of an overwrite of 4 KiB and its fdatasync, at the median.
double sync_ms(const std::filesystem::path& dir) {
  const auto path = dir / "sync.probe";
  const Socket file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const std::string page(4096, 'x');
  std::vector<std::int64_t> micros;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t begin = monotonic_micros();
    if (pwrite(file.fd(), page.data(), page.size(), 0) < 0 || fdatasync(file.fd()) != 0) break;
    micros.push_back(monotonic_micros() - begin);
  }
  std::filesystem::remove(path);
  return static_cast<double>(percentile(micros, 50)) / 1000;
}

}  // namespace

base::Result<std::string> describe_machine(const std::filesystem::path& dir) {
  struct statfs fs{};
  if (statfs(dir.c_str(), &fs) != 0) {
    return base::failure(base::Error::Kind::kNotFound,
                         fmt::format("cannot look at `{}`", dir.string()));
  }
  if (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("`{}` is kept in memory, where an fsync is free", dir.string()),
        "give a directory on a disk with --dir");
  }
  utsname system{};
  uname(&system);
  const double memory_gib = static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                            static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1 << 30);
  return fmt::format(
      "{} x {}, {:.0f} GiB, Linux {}, {}, fdatasync of 4 KiB {:.2f} ms at the median, SQLite {}",
      sysconf(_SC_NPROCESSORS_ONLN), cpu_model(), memory_gib, system.release,
      file_system(fs.f_type), sync_ms(dir), sqlite3_libversion());
}

}  // namespace sojourn::bench
