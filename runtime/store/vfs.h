// The storage seam: every byte that SQLite reads or writes goes through a `Vfs`,
// which passes the call on to the operating system's files and shows it to an
// observer. What it writes to a database is washed first (page_wash.h). The observer may let the
// call fail, so tests can cut the power at a chosen sync or fill the disk at a chosen write. A
// write that finds the disk full may be given room by the store's owner, and is then done again.
//
// A `Vfs` belongs to one store and is registered with SQLite under a name of its
// own for as long as it lives; it must outlive the connection that uses it. The
// observer is called on the thread that uses the store and must outlive the Vfs.
//
// Shared memory and memory maps are not offered: a store has one connection,
// which holds the file lock exclusively.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/store/room_giver.h"

namespace sojourn::store {

// One call that reaches the disk.
struct IoCall {
  enum class Kind : std::uint8_t { kOpen, kRead, kWrite, kTruncate, kSync, kDelete };
  enum class File : std::uint8_t { kDatabase, kLog, kOther };

  Kind kind = Kind::kOpen;
  File file = File::kDatabase;
  std::string_view path;
  std::int64_t offset = 0;  // of a read or write; the new length of a truncate
  std::int64_t size_bytes = 0;
  std::string_view bytes;  // what a write writes
};

class IoObserver {
 public:
  // kShortWrite: the first half of a write reaches the file, in whole sectors of 512 bytes, and
  // then the disk is full. Of any other call the same as kDiskFull.
  enum class Verdict : std::uint8_t { kPass, kDiskFull, kIoError, kShortWrite };

  virtual ~IoObserver() = default;
  // Before the call; any verdict but kPass is its result, and the disk is not touched but by the
  // half of a short write, which `after` is told of.
  virtual Verdict before(const IoCall&) { return Verdict::kPass; }
  // After the call succeeded.
  virtual void after(const IoCall&) {}
};

class Vfs {
 public:
  // `observer` may be null.
  explicit Vfs(IoObserver* observer, RoomGiver room = {});
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  // A database that is opened from here on will grow to so many bytes: pages are washed as those of
  // a file of that length, since what is written first may name pages that come last.
  void expect_bytes(std::int64_t bytes);

  // For sqlite3_open_v2.
  const char* name() const;

  struct Registration;

 private:
  std::unique_ptr<Registration> registration_;
};

}  // namespace sojourn::store
