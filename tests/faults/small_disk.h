// A small file system in a file, mounted by a loop device: one that may be cut off from its disk,
// filled up, or mounted for reading only. Gone with the object, whatever has happened to it. Needs
// Means::kLoopMount, or Means::kXfs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sojourn::faults {

class SmallDisk {
 public:
  enum class Kind : std::uint8_t { kExt4, kXfs };

  // Makes the file system and mounts it at `folder`, which is made if it is not there. `more`:
  // words for mkfs. Failed expectations of GoogleTest say what does not work.
  SmallDisk(Kind kind, std::filesystem::path folder, const std::string& more = {});
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // From here on nothing reaches the disk any more, the journal included: every write and sync
  // fails. What was not written before is lost. Any thread.
  void cut_power() const;
  // As after a cut: unmounted, and mounted again, which replays the journal. Nobody may have a file
  // open.
  void mount_again(const std::string& options = {});
  // `mount -o remount,ro`. False when the kernel refuses, as it does while a file is open for
  // writing.
  bool remount_read_only() const;
  // As after an error of the disk: the kernel finds one in the file system, and nothing can be
  // written to it until it is mounted again. Of ext4, made with `-e remount-ro`.
  void fail_to_read_only() const;
  // Takes all room but so many bytes, with a file. Returns when there is no more to take.
  void fill_up(std::int64_t but_bytes = 0);
  // Takes all inodes.
  void use_up_inodes();
  // Gives back what the two before have taken.
  void clear();

 private:
  void mount(const std::string& options);
  void unmount();

  const std::filesystem::path folder_;
  std::filesystem::path image_;
};

}  // namespace sojourn::faults
