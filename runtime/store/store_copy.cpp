#include "runtime/store/store_copy.h"

#include <filesystem>
#include <fmt/core.h>
#include <sqlite3.h>

#include "base/check.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/vfs.h"

namespace sojourn::store {

struct StoreCopy::Open {
  explicit Open(IoObserver* observer) : vfs(observer) {}

  Vfs vfs;
  std::unique_ptr<Connection> to;
  sqlite3_backup* backup = nullptr;
  std::int64_t page_bytes = 0;
  std::int64_t unsynced_bytes = 0;

  // SQLite's code. What its cache still holds is left to a later one.
  int sync() {
    sqlite3_file* file = nullptr;
    const int found = sqlite3_file_control(to->handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return found == SQLITE_OK ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) : found;
  }

  // SQLite's code for what went wrong, if anything did.
  int finish() { return sqlite3_backup_finish(std::exchange(backup, nullptr)); }
  ~Open() {
    if (backup != nullptr) finish();
  }
};

StoreCopy::StoreCopy(std::unique_ptr<Open> open) : open_(std::move(open)) {}
StoreCopy::~StoreCopy() = default;

namespace {

base::Status expect_room(std::uint64_t bytes, const std::string& to) {
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::path(to).parent_path(), error);
  if (error || space.available >= bytes + kRoomToSpareBytes) return {};
  return base::failure(
      base::Error::Kind::kInvalid,
      fmt::format("the disk of `{}` has {} MiB left, and a copy of the store takes {} MiB", to,
                  space.available >> 20, bytes >> 20),
      fmt::format("copy it to another disk; {} MiB are to stay free", kRoomToSpareBytes >> 20));
}

}  // namespace

base::Result<std::unique_ptr<StoreCopy>> StoreCopy::begin(Connection& from, const std::string& to,
                                                          IoObserver* observer) {
  std::error_code error;
  if (std::filesystem::exists(to, error)) {
    return base::failure(base::Error::Kind::kConflict, fmt::format("`{}` is there already", to),
                         "name a new one: a backup is never overwritten");
  }
  const std::int64_t page_bytes = from.ask_integer("PRAGMA page_size");
  const std::int64_t bytes = from.ask_integer("PRAGMA page_count") * page_bytes;
  if (auto room = expect_room(static_cast<std::uint64_t>(bytes), to); !room) {
    return tl::unexpected(room.error());
  }
  auto open = std::make_unique<Open>(observer);
  open->page_bytes = page_bytes;
  open->vfs.expect_bytes(bytes);
  auto connection = Connection::open(to, open->vfs.name());
  if (!connection) return tl::unexpected(connection.error());
  open->to = std::move(*connection);
  open->to->execute("PRAGMA locking_mode=EXCLUSIVE");
  // A copy that is not whole is of no use, so nothing need be taken back.
  open->to->execute("PRAGMA journal_mode=OFF");
  open->to->execute("PRAGMA synchronous=FULL");
  if (!open->to->ok()) return tl::unexpected(open->to->error());
  open->backup = sqlite3_backup_init(open->to->handle(), "main", from.handle(), "main");
  if (open->backup == nullptr) {
    open->to->fail(sqlite3_errcode(open->to->handle()), "begin the copy");
    return tl::unexpected(open->to->error());
  }
  return std::unique_ptr<StoreCopy>(new StoreCopy(std::move(open)));
}

base::Result<bool> StoreCopy::step(int pages) {
  SOJOURN_CHECK(open_ != nullptr, "a copy that is whole takes no further step");
  const int stepped = sqlite3_backup_step(open_->backup, pages);
  if (stepped == SQLITE_OK) return sync_if_long(pages);
  const int finished = open_->finish();
  if (stepped != SQLITE_DONE || finished != SQLITE_OK) {
    open_->to->fail(finished != SQLITE_OK ? finished : stepped, "copy the store");
    return tl::unexpected(open_->to->error());
  }
  open_.reset();
  return true;
}

base::Result<bool> StoreCopy::sync_if_long(int pages) {
  open_->unsynced_bytes += pages * open_->page_bytes;
  if (open_->unsynced_bytes < kSyncCopyEveryBytes) return false;
  open_->unsynced_bytes = 0;
  if (const int synced = open_->sync(); synced != SQLITE_OK) {
    open_->finish();
    open_->to->fail(synced, "sync the copy of the store");
    return tl::unexpected(open_->to->error());
  }
  return false;
}

}  // namespace sojourn::store
