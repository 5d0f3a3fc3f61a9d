#include "tests/faults/small_disk.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <linux/ioctl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

#include "tests/e2e/process.h"

namespace sojourn::faults {
namespace {

// EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN, which are the same call.
constexpr unsigned long kGoingDown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t kWithoutTheJournal = 2;

constexpr int kExt4Mebibytes = 24;
constexpr int kXfsMebibytes = 320;  // the least that mkfs.xfs takes is 300

bool run(const std::string& script, const std::filesystem::path& log) {
  const e2e::Finished done = e2e::run_to_end({"sh", "-ec", script}, log);
  EXPECT_EQ(done.code, 0) << script << ": " << done.err;
  for (const char* suffix : {".out", ".err"}) std::filesystem::remove(log.string() + suffix);
  return done.code == 0;
}

std::filesystem::path new_image() {
  static std::atomic<int> count{0};
  const std::filesystem::path memory = "/dev/shm";
  const auto folder =
      std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  return folder / fmt::format("sojourn-disk-{}-{}", getpid(), ++count);
}

// Mounts of this process and those that it starts: they go with it however it ends, and nobody else
// can hold on to one, as a mount namespace made elsewhere in the meantime would.
void keep_mounts_to_ourselves() {
  static const bool kDone = [] {
    return unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }();
  EXPECT_TRUE(kDone) << "no mount namespace can be made";
}

std::int64_t free_bytes(const std::filesystem::path& folder) {
  struct statvfs found{};
  EXPECT_EQ(statvfs(folder.c_str(), &found), 0);
  return static_cast<std::int64_t>(found.f_bfree) * static_cast<std::int64_t>(found.f_frsize);
}

}  // namespace

SmallDisk::SmallDisk(Kind kind, std::filesystem::path folder, const std::string& more)
    : folder_(std::move(folder)), image_(new_image()) {
  keep_mounts_to_ourselves();
  std::filesystem::create_directories(folder_);
  // No room is set aside for root, so that a full disk is full for whoever runs the tests.
  const std::string make = kind == Kind::kExt4 ? "mkfs.ext4 -q -m 0" : "mkfs.xfs -q";
  const int mebibytes = kind == Kind::kExt4 ? kExt4Mebibytes : kXfsMebibytes;
  run(fmt::format("truncate -s {}M {}; {} {} {} >/dev/null", mebibytes, image_.string(), make, more,
                  image_.string()),
      image_.string() + ".log");
  mount("");
  // Nobody else may look into it, and the project lies around it.
  std::filesystem::remove(folder_ / "lost+found");
}

SmallDisk::~SmallDisk() {
  // Lazily: a process that is still to be reaped has its files open.
  e2e::run_to_end({"umount", "-l", folder_}, image_.string() + ".log");
  for (const char* suffix : {"", ".log.out", ".log.err"}) {
    std::filesystem::remove(image_.string() + suffix);
  }
}

void SmallDisk::mount(const std::string& options) {
  run(fmt::format("mount -o loop{}{} {} {}", options.empty() ? "" : ",", options, image_.string(),
                  folder_.string()),
      image_.string() + ".log");
}

void SmallDisk::unmount() {
  run("umount " + folder_.string(), image_.string() + ".log");
}

void SmallDisk::cut_power() const {
  const int file = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  std::uint32_t flags = kWithoutTheJournal;
  const int refused = ::ioctl(file, kGoingDown, &flags);
  ::close(file);
  ASSERT_EQ(refused, 0) << "the file system cannot be shut down";
}

void SmallDisk::mount_again(const std::string& options) {
  unmount();
  mount(options);
}

bool SmallDisk::remount_read_only() const {
  const e2e::Finished done =
      e2e::run_to_end({"mount", "-o", "remount,ro", folder_}, image_.string() + ".log");
  return done.code == 0;
}

void SmallDisk::fail_to_read_only() const {
  struct stat found{};
  ASSERT_EQ(::stat(folder_.c_str(), &found), 0);
  const auto device = std::filesystem::read_symlink(
      fmt::format("/sys/dev/block/{}:{}", major(found.st_dev), minor(found.st_dev)));
  std::ofstream trigger("/sys/fs/ext4" / device.filename() / "trigger_fs_error");
  trigger << "an error for a test" << std::flush;
  ASSERT_TRUE(trigger.good()) << "no error can be triggered in " << device;
  // Not every kernel says so in its flags.
  const int file = ::open((folder_ / "tried").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int refused = file < 0 ? errno : 0;
  if (file >= 0) ::close(file);
  ASSERT_EQ(refused, EROFS) << "it can still be written";
}

void SmallDisk::fill_up(std::int64_t but_bytes) {
  const int file = ::open((folder_ / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  // Smaller and smaller pieces: the last block counts.
  std::int64_t end = static_cast<std::int64_t>(std::filesystem::file_size(folder_ / "filler"));
  for (std::int64_t piece = 1 << 20; piece >= 1024; piece /= 2) {
    while (free_bytes(folder_) - piece >= but_bytes && ::posix_fallocate(file, end, piece) == 0) {
      end += piece;
    }
  }
  ::fsync(file);
  ::close(file);
}

void SmallDisk::use_up_inodes() {
  std::filesystem::create_directories(folder_ / "inodes");
  for (int i = 0;; ++i) {
    const std::ofstream file(folder_ / "inodes" / std::to_string(i));
    if (!file) return;
  }
}

void SmallDisk::clear() {
  std::filesystem::remove_all(folder_ / "inodes");
  std::filesystem::remove(folder_ / "filler");
}

}  // namespace sojourn::faults
