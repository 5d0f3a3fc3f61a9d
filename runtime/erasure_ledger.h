// The ledger of erasures: a file outside the store that says whose names were erased or forgotten,
// so that a store that is put back from a backup does not bring them back (erasure_replay.h). Names
// stand in it as keyed hashes only. The key is that of the store's forgotten names and stands in
// the file's first line: a backup from before the first erasure has none
// (docs/decisions/0056-a-ledger-of-erasures.md).
//
// Append-only. A line is on disk before the erasure that it notes is committed; so the ledger never
// knows less than a store does, unless it is not that store's, and a store keeps how much of it it
// has (the counter erasures_in_ledger). Lines check each other: what was changed, left out or put
// in is found, but for lines that were cut off the end, which the counter finds. What a crash tore
// of the last append is no line.
//
// Owned by the daemon; used on the shard's thread. One process has it open.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct LedgerEntry {
  enum class What : char { kErased = 'e', kForgotten = 'f', kUnforgotten = 'u' };
  What what = What::kErased;
  // As ForgottenNames::mark has it: of kind kForgottenEmail or kForgottenUserId.
  store::Identity name;
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// Counts the lines that the store's content has seen.
inline constexpr std::string_view kErasuresInLedger = "erasures_in_ledger";

class ErasureLedger {
 public:
  // Reads the file, if there is one, to its end. `goes_on`, unless empty, is called for each MiB
  // that this or `after` has read. kInvalid: a line is damaged, or it cannot be read; kUnavailable:
  // another process has it open.
  static base::Result<std::unique_ptr<ErasureLedger>> open(std::string path,
                                                           std::function<void()> goes_on = {});
  ~ErasureLedger();
  ErasureLedger(const ErasureLedger&) = delete;
  ErasureLedger& operator=(const ErasureLedger&) = delete;

  const std::string& path() const { return path_; }
  // Empty: there is no file yet.
  const std::string& key() const { return end_.key; }
  std::uint64_t lines() const { return end_.lines; }

  // On disk on return; the first makes the file, with this key. On an error nothing was appended,
  // as far as can be told, and after one of a sync nothing will be until the next start. `now` is
  // for who reads the file.
  base::Status append(std::span<const LedgerEntry> entries, const std::string& key,
                      base::Instant now);
  // Comes before a store takes on lines behind the first `count`: has them on disk, where so far
  // they may be in memory alone, because the process that wrote them ended before its sync, or that
  // failed. Otherwise a power cut would leave a store that has seen more than there is. On an error
  // they must not be taken on.
  base::Status renew(std::uint64_t count);
  // The lines behind the first `count`, read anew. kInvalid as `open` says.
  base::Result<std::vector<LedgerEntry>> after(std::uint64_t count) const;

 private:
  // What is known at the end of the last whole line.
  struct End {
    std::string key;
    std::string check;  // of that line
    std::uint64_t lines = 0;
    std::int64_t bytes = 0;
  };
  using Visit = std::function<void(LedgerEntry)>;

  ErasureLedger(std::string path, std::function<void()> goes_on)
      : path_(std::move(path)), goes_on_(std::move(goes_on)) {}
  base::Result<End> read(const Visit& visit) const;
  base::Status take_line(std::string_view line, End& end, const Visit& visit) const;
  base::Status lock() const;
  bool write_again() const;
  base::Status begin(const std::string& key);
  base::Status write(std::string_view text);
  base::Error broken(const std::string& where) const;

  const std::string path_;
  const std::function<void()> goes_on_;
  int file_ = -1;
  End end_;
  bool is_lost_ = false;  // a sync failed: what is on disk is not known
};

}  // namespace sojourn::runtime
