#include "runtime/store/new_life.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <string_view>
#include <unistd.h>

#include "runtime/store/log_guard.h"
#include "runtime/store/schema.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/store.h"
#include "runtime/store/sync_folder.h"
#include "runtime/store/vfs.h"

namespace sojourn::store {

namespace {

// Closed with its object.
class File {
 public:
  File(const std::string& path, int flags) : number_(::open(path.c_str(), flags, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

tl::unexpected<base::Error> failed(std::string_view doing, const std::string& path) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("cannot {} `{}`: {}", doing, path, std::strerror(errno)),
                       "look at the permissions of the folder and the room on its disk");
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

base::Status begin_new_life(const std::string& path, const std::string& setting,
                            const std::string& value) {
  prepare_sqlite();
  if (auto whole = check_not_orphaned(path); !whole) return whole;
  Vfs vfs(nullptr);
  auto opened = Connection::open(path, vfs.name());
  if (!opened) return tl::unexpected(opened.error());
  Connection& connection = **opened;
  connection.execute("PRAGMA locking_mode=EXCLUSIVE");
  if (auto known = expect_schema(connection); !known) return known;
  connection.checkpoint_on_close(true);
  connection.execute("PRAGMA synchronous=FULL");
  connection.execute("BEGIN IMMEDIATE");
  {
    Statement head(connection,
                   "INSERT INTO shard_head (shard, next_user) VALUES (?, ?) ON CONFLICT DO UPDATE"
                   " SET next_user = (next_user / ?2 + 1) * ?2");
    for (std::int64_t shard = 0; shard < kShardCount; ++shard) {
      run(head, shard, static_cast<std::int64_t>(kNumbersOfALife));
    }
    Statement sequence(connection,
                       "UPDATE commit_sequence SET sequence = (sequence / ?1 + 1) * ?1");
    run(sequence, static_cast<std::int64_t>(kNumbersOfALife));
    Statement put(connection,
                  "INSERT INTO setting (name, value) VALUES (?, ?)"
                  " ON CONFLICT DO UPDATE SET value = excluded.value");
    run(put, Text{setting}, Blob{value});
  }
  connection.execute("COMMIT");
  // Closing would copy the log, too, but could not say that it failed; the file goes on alone.
  connection.checkpoint(true);
  return connection.status();
}

base::Status copy_file(const std::string& from, const std::string& to) {
  const File in(from, O_RDONLY);
  if (!in.is_open()) return failed("read", from);
  const File out(to, O_WRONLY | O_CREAT | O_EXCL);
  if (!out.is_open()) return failed("make", to);
  std::array<char, std::size_t{64} << 10> part{};
  while (true) {
    const ssize_t size = ::read(in.number(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed("read", from);
    if (size == 0) break;
    if (!write_all(out.number(), {part.data(), static_cast<std::size_t>(size)})) {
      return failed("write", to);
    }
  }
  if (::fsync(out.number()) != 0) return failed("sync", to);
  return {};
}

base::Status write_synced(const std::string& path, const std::string& text) {
  const File out(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!out.is_open()) return failed("make", path);
  if (!write_all(out.number(), text) || ::fsync(out.number()) != 0) return failed("write", path);
  return {};
}

// What lies in a folder that is moved is known there for certain once the folder itself is synced.
base::Status move_into_place(const std::string& from, const std::string& to) {
  std::error_code error;
  if (std::filesystem::is_directory(from, error)) {
    if (!sync_folder(from)) return failed("sync", from);
  }
  if (std::filesystem::exists(to, error)) {
    return base::failure(base::Error::Kind::kConflict, fmt::format("`{}` is there already", to),
                         "nothing is overwritten: name a new one");
  }
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("make", to);
  if (!sync_folder_of(to)) return failed("sync the folder of", to);
  return {};
}

}  // namespace sojourn::store
