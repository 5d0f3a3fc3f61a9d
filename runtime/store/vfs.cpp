#include "runtime/store/vfs.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <sqlite3.h>
#include <utility>

#include "base/check.h"
#include "runtime/store/page_wash.h"
#include "runtime/store/write_run.h"

namespace sojourn::store {

struct Vfs::Registration {
  sqlite3_vfs vfs{};
  sqlite3_vfs* system = nullptr;  // SQLite's own VFS of this operating system
  IoObserver* observer = nullptr;
  RoomGiver room;
  std::int64_t expected_bytes = 0;
  std::string name;
};

namespace {

using Kind = IoCall::Kind;

constexpr int kSmallestPage = 512;

// Lies in memory that SQLite gives; the system's own file object follows it there.
struct ObservedFile {
  sqlite3_file base;
  const Vfs::Registration* owner;
  const char* path;  // kept by SQLite until the file is closed; null for a nameless one
  IoCall::File file;
  WriteRun kept;              // of the log and the database: written by `settle`
  int failed_write;           // result of a kept write that failed: every later call gives it
  sqlite3_int64 known_bytes;  // of a database: no byte of it lies, or is going to lie, beyond

  sqlite3_file* system() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *system()->pMethods; }
};

ObservedFile& observed(sqlite3_file* file) {
  return *reinterpret_cast<ObservedFile*>(file);
}

int failure_code(Kind kind) {
  switch (kind) {
    case Kind::kOpen:
      return SQLITE_CANTOPEN;
    case Kind::kRead:
      return SQLITE_IOERR_READ;
    case Kind::kWrite:
      return SQLITE_IOERR_WRITE;
    case Kind::kTruncate:
      return SQLITE_IOERR_TRUNCATE;
    case Kind::kSync:
      return SQLITE_IOERR_FSYNC;
    case Kind::kDelete:
      return SQLITE_IOERR_DELETE;
  }
  return SQLITE_IOERR;
}

// Asks the observer, does the call, tells the observer.
template <typename Call>
int observe(const Vfs::Registration& owner, const IoCall& io, Call&& call) {
  if (owner.observer == nullptr) return call();
  switch (owner.observer->before(io)) {
    case IoObserver::Verdict::kPass:
      break;
    case IoObserver::Verdict::kDiskFull:
    case IoObserver::Verdict::kShortWrite:
      return SQLITE_FULL;
    case IoObserver::Verdict::kIoError:
      return failure_code(io.kind);
  }
  const int result = call();
  if (result == SQLITE_OK) owner.observer->after(io);
  return result;
}

IoCall io_call(Kind kind, const ObservedFile& file) {
  IoCall io;
  io.kind = kind;
  io.file = file.file;
  if (file.path != nullptr) io.path = file.path;
  return io;
}

int pass_on(ObservedFile& self, const IoCall& io) {
  const int result = self.methods().xWrite(self.system(), io.bytes.data(),
                                           static_cast<int>(io.bytes.size()), io.offset);
  if (result == SQLITE_OK && self.owner->observer != nullptr) self.owner->observer->after(io);
  return result;
}

// Half of a write, up to the end of a sector: no disk divides one.
std::int64_t half_bytes(const IoCall& io) {
  constexpr std::int64_t kSectorBytes = 512;
  const std::int64_t end = (io.offset + io.size_bytes / 2) / kSectorBytes * kSectorBytes;
  return std::max<std::int64_t>(end - io.offset, 0);
}

int try_write(ObservedFile& self, IoCall io) {
  const auto verdict = self.owner->observer == nullptr ? IoObserver::Verdict::kPass
                                                       : self.owner->observer->before(io);
  switch (verdict) {
    case IoObserver::Verdict::kPass:
      return pass_on(self, io);
    case IoObserver::Verdict::kIoError:
      return failure_code(Kind::kWrite);
    case IoObserver::Verdict::kDiskFull:
      return SQLITE_FULL;
    case IoObserver::Verdict::kShortWrite:
      io.size_bytes = half_bytes(io);
      io.bytes = io.bytes.substr(0, static_cast<std::size_t>(io.size_bytes));
      if (io.size_bytes > 0) pass_on(self, io);
      return SQLITE_FULL;
  }
  return SQLITE_IOERR;
}

// What a write that found the disk full has left is overwritten by the second try.
int write_now(ObservedFile& self, std::int64_t offset, std::string_view bytes) {
  IoCall io = io_call(Kind::kWrite, self);
  io.offset = offset;
  io.size_bytes = static_cast<std::int64_t>(bytes.size());
  io.bytes = bytes;
  const RoomGiver& room = self.owner->room;
  // Not after it: who gives room by a look of their own may do so in between.
  const std::uint64_t seen = room.give ? room.given() : 0;
  const int result = try_write(self, io);
  if (result != SQLITE_FULL || !room.give || !room.give(seen)) return result;
  return try_write(self, io);
}

// Writes what was kept back. Comes before every other use of the file, so that
// nobody can tell that it was kept.
int settle(ObservedFile& self) {
  if (self.failed_write == SQLITE_OK && !self.kept.empty()) {
    self.failed_write = write_now(self, self.kept.offset(), self.kept.bytes());
    self.kept.clear();
  }
  return self.failed_write;
}

int file_close(sqlite3_file* file) {
  ObservedFile& self = observed(file);
  const int settled = settle(self);
  const int closed = self.methods().xClose(self.system());
  self.~ObservedFile();
  return settled != SQLITE_OK ? settled : closed;
}

int file_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  ObservedFile& self = observed(file);
  if (const int settled = settle(self); settled != SQLITE_OK) return settled;
  IoCall io = io_call(Kind::kRead, self);
  io.offset = offset;
  io.size_bytes = size;
  return observe(*self.owner, io,
                 [&] { return self.methods().xRead(self.system(), out, size, offset); });
}

// What has just been kept of a database, if it is one whole page.
void wash(ObservedFile& self, int size, sqlite3_int64 offset) {
  if (self.file != IoCall::File::kDatabase) return;
  self.known_bytes = std::max(self.known_bytes, offset + size);
  const bool is_page = size >= kSmallestPage && (size & (size - 1)) == 0 && offset % size == 0;
  if (!is_page || self.known_bytes / size > kMaxWashedPages) return;
  wash_page(self.kept.last(static_cast<std::size_t>(size)), offset == 0);
}

int file_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  ObservedFile& self = observed(file);
  const std::string_view bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
  if (self.file == IoCall::File::kOther) return write_now(self, offset, bytes);
  if (self.kept.add(offset, bytes)) {
    wash(self, size, offset);
    return self.failed_write;
  }
  if (const int settled = settle(self); settled != SQLITE_OK) return settled;
  if (!self.kept.add(offset, bytes)) return write_now(self, offset, bytes);
  wash(self, size, offset);
  return SQLITE_OK;
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  ObservedFile& self = observed(file);
  if (const int settled = settle(self); settled != SQLITE_OK) return settled;
  IoCall io = io_call(Kind::kTruncate, self);
  io.offset = size;
  return observe(*self.owner, io, [&] { return self.methods().xTruncate(self.system(), size); });
}

int file_sync(sqlite3_file* file, int flags) {
  ObservedFile& self = observed(file);
  if (const int settled = settle(self); settled != SQLITE_OK) return settled;
  return observe(*self.owner, io_call(Kind::kSync, self),
                 [&] { return self.methods().xSync(self.system(), flags); });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  ObservedFile& self = observed(file);
  if (const int settled = settle(self); settled != SQLITE_OK) return settled;
  return self.methods().xFileSize(self.system(), size);
}
int file_lock(sqlite3_file* file, int level) {
  return observed(file).methods().xLock(observed(file).system(), level);
}
int file_unlock(sqlite3_file* file, int level) {
  return observed(file).methods().xUnlock(observed(file).system(), level);
}
int file_check_reserved_lock(sqlite3_file* file, int* out) {
  return observed(file).methods().xCheckReservedLock(observed(file).system(), out);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
  return observed(file).methods().xFileControl(observed(file).system(), operation, argument);
}
int file_sector_size(sqlite3_file* file) {
  return observed(file).methods().xSectorSize(observed(file).system());
}
int file_device_characteristics(sqlite3_file* file) {
  return observed(file).methods().xDeviceCharacteristics(observed(file).system());
}

// Version 1: neither shared memory nor memory maps.
const sqlite3_io_methods kMethods = [] {
  sqlite3_io_methods methods{};
  methods.iVersion = 1;
  methods.xClose = file_close;
  methods.xRead = file_read;
  methods.xWrite = file_write;
  methods.xTruncate = file_truncate;
  methods.xSync = file_sync;
  methods.xFileSize = file_size;
  methods.xLock = file_lock;
  methods.xUnlock = file_unlock;
  methods.xCheckReservedLock = file_check_reserved_lock;
  methods.xFileControl = file_control;
  methods.xSectorSize = file_sector_size;
  methods.xDeviceCharacteristics = file_device_characteristics;
  return methods;
}();

IoCall::File role_of(int flags) {
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return IoCall::File::kDatabase;
  if ((flags & SQLITE_OPEN_WAL) != 0) return IoCall::File::kLog;
  return IoCall::File::kOther;
}

const Vfs::Registration& registration(sqlite3_vfs* vfs) {
  return *static_cast<const Vfs::Registration*>(vfs->pAppData);
}

int vfs_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  const Vfs::Registration& owner = registration(vfs);
  ObservedFile* self =
      new (file) ObservedFile{{nullptr}, &owner, path, role_of(flags), {}, SQLITE_OK, 0};
  const int result = observe(owner, io_call(Kind::kOpen, *self), [&] {
    return owner.system->xOpen(owner.system, path, self->system(), flags, out_flags);
  });
  // SQLite calls xClose exactly when there are methods.
  if (result == SQLITE_OK) {
    self->base.pMethods = &kMethods;
    self->methods().xFileSize(self->system(), &self->known_bytes);
    self->known_bytes = std::max<sqlite3_int64>(self->known_bytes, owner.expected_bytes);
  } else {
    self->~ObservedFile();
  }
  return result;
}

int vfs_delete(sqlite3_vfs* vfs, const char* path, int sync_directory) {
  const Vfs::Registration& owner = registration(vfs);
  IoCall io;
  io.kind = Kind::kDelete;
  io.path = path;
  io.file = io.path.ends_with("-wal") ? IoCall::File::kLog : IoCall::File::kOther;
  return observe(owner, io,
                 [&] { return owner.system->xDelete(owner.system, path, sync_directory); });
}

int vfs_access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
  sqlite3_vfs* system = registration(vfs).system;
  return system->xAccess(system, path, flags, out);
}

int vfs_full_pathname(sqlite3_vfs* vfs, const char* path, int room, char* out) {
  sqlite3_vfs* system = registration(vfs).system;
  return system->xFullPathname(system, path, room, out);
}

std::string unique_name() {
  static std::atomic<std::uint64_t> count{0};
  return "sojourn-" + std::to_string(count.fetch_add(1));
}

}  // namespace

Vfs::Vfs(IoObserver* observer, RoomGiver room) : registration_(std::make_unique<Registration>()) {
  Registration& r = *registration_;
  r.system = sqlite3_vfs_find(nullptr);
  SOJOURN_CHECK(r.system != nullptr, "SQLite has a VFS for this system");
  r.observer = observer;
  r.room = std::move(room);
  r.name = unique_name();
  // A copy, so that what has nothing to do with files (random bytes, sleeping)
  // goes straight to the system's functions.
  r.vfs = *r.system;
  r.vfs.pNext = nullptr;
  r.vfs.zName = r.name.c_str();
  r.vfs.pAppData = &r;
  r.vfs.szOsFile = static_cast<int>(sizeof(ObservedFile)) + r.system->szOsFile;
  r.vfs.xOpen = vfs_open;
  r.vfs.xDelete = vfs_delete;
  r.vfs.xAccess = vfs_access;
  r.vfs.xFullPathname = vfs_full_pathname;
  SOJOURN_CHECK(sqlite3_vfs_register(&r.vfs, 0) == SQLITE_OK, "a VFS can be registered");
}

Vfs::~Vfs() {
  sqlite3_vfs_unregister(&registration_->vfs);
}

void Vfs::expect_bytes(std::int64_t bytes) {
  registration_->expected_bytes = bytes;
}

const char* Vfs::name() const {
  return registration_->name.c_str();
}

}  // namespace sojourn::store
