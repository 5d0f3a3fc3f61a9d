#include "runtime/store/log_guard.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string_view>

namespace sojourn::store {
namespace {

constexpr std::size_t kHeadBytes = 32;
constexpr std::size_t kFrameHeadBytes = 24;
constexpr std::uint32_t kMagic = 0x377F0682;  // its lowest bit: checksums are of big-endian words
constexpr std::uint32_t kMinPageBytes = 512;
constexpr std::uint32_t kMaxPageBytes = 65'536;

using Sum = std::array<std::uint32_t, 2>;

std::uint32_t big_endian(const char* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(at[i]);
  return value;
}

std::uint32_t little_endian(const char* at) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(at[i]);
  return value;
}

// Goes on from `sum` over `bytes`, a multiple of 8.
Sum summed(Sum sum, std::string_view bytes, bool is_big_endian) {
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const char* at = bytes.data() + i;
    sum[0] += (is_big_endian ? big_endian(at) : little_endian(at)) + sum[1];
    sum[1] += (is_big_endian ? big_endian(at + 4) : little_endian(at + 4)) + sum[0];
  }
  return sum;
}

Sum sum_at(const char* at) {
  return {big_endian(at), big_endian(at + 4)};
}

struct Head {
  bool is_big_endian = false;
  std::uint32_t page_bytes = 0;
  std::array<std::uint32_t, 2> salt{};
  Sum sum{};
  bool is_valid = false;
};

Head read_head(std::string_view bytes) {
  Head head;
  const std::uint32_t magic = big_endian(bytes.data());
  head.is_big_endian = (magic & 1) != 0;
  head.page_bytes = big_endian(bytes.data() + 8);
  head.salt = {big_endian(bytes.data() + 16), big_endian(bytes.data() + 20)};
  head.sum = sum_at(bytes.data() + 24);
  const bool is_page = head.page_bytes >= kMinPageBytes && head.page_bytes <= kMaxPageBytes &&
                       (head.page_bytes & (head.page_bytes - 1)) == 0;
  head.is_valid = (magic & ~1U) == kMagic && is_page &&
                  summed({}, bytes.substr(0, 24), head.is_big_endian) == head.sum;
  return head;
}

base::Status damaged(const std::string& path, const std::string& how) {
  return base::failure(base::Error::Kind::kFatal,
                       fmt::format("the log `{}` is damaged: {}", path, how),
                       "keep it and the database, and start from a backup: commits that were "
                       "acknowledged would be missing");
}

// What the frames of a log come to. Each frame's checksum goes on from that of the one before, as
// that one has it written; so frames behind a damaged one still show that they follow each other. A
// frame that follows the end of a commit was written when that commit was on disk.
class Frames {
 public:
  explicit Frames(const Head& head) : head_(head), before_(head.sum) {}

  void take(std::string_view frame) {
    ++count_;
    const char* at = frame.data();
    const bool has_salt =
        big_endian(at + 8) == head_.salt[0] && big_endian(at + 12) == head_.salt[1];
    const Sum written = sum_at(at + 16);
    Sum sum = summed(before_, frame.substr(0, 8), head_.is_big_endian);
    sum = summed(sum, frame.substr(kFrameHeadBytes), head_.is_big_endian);
    before_ = written;
    const bool is_good = has_salt && sum == written;
    if (bad_ != 0 && is_good && follows_end_) ++commits_behind_;
    if (!is_good && bad_ == 0) bad_ = count_;
    follows_end_ = has_salt && big_endian(at + 4) != 0;
  }

  std::size_t bad() const { return bad_; }  // from 1; 0: none
  // That began behind the bad frame, after one that was synced and is not read any more.
  std::size_t commits_behind() const { return commits_behind_; }

 private:
  const Head& head_;
  Sum before_;
  std::size_t count_ = 0;
  std::size_t bad_ = 0;
  bool follows_end_ = false;
  std::size_t commits_behind_ = 0;
};

}  // namespace

base::Status check_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kHeadBytes, '\0');
  if (!file.read(bytes.data(), kHeadBytes)) return {};  // what is that short has no commit
  // A file system may have given a new log its length and not its content.
  if (std::ranges::all_of(bytes, [](char c) { return c == '\0'; })) return {};
  const Head head = read_head(bytes);
  // Less than a sector, synced before the first frame: a power cut leaves it old, new or empty.
  if (!head.is_valid) return damaged(path, "its first 32 bytes are no head of a log");
  Frames frames(head);
  bytes.resize(kFrameHeadBytes + head.page_bytes);
  while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) frames.take(bytes);
  if (frames.commits_behind() == 0) return {};
  return damaged(path,
                 fmt::format("frame {} has a wrong checksum, and {} more commits lie behind it",
                             frames.bad(), frames.commits_behind()));
}

base::Status check_not_orphaned(const std::string& path) {
  std::error_code missing;
  const auto log_bytes = std::filesystem::file_size(path + "-wal", missing);
  if (missing || log_bytes == 0) return {};
  const auto database_bytes = std::filesystem::file_size(path, missing);
  if (!missing && database_bytes > 0) return {};
  return base::failure(
      base::Error::Kind::kFatal,
      fmt::format("store `{}` is {}, and its log `{}-wal` is there", path,
                  missing ? "missing" : "empty", path),
      "put the database back beside its log, or start from a backup; to begin anew, move the log "
      "away");
}

}  // namespace sojourn::store
