// An append-only file of what happened, to be looked through later: the sandbox
// keeps here what it was sent. Not the product's store: appended records can be
// read at once, survive the end of the process after `flush`, and survive a power
// cut only up to some earlier flush (WAL with synchronous=NORMAL).
//
// One SQLite file, owned and called by one thread, closed to other processes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::store {

// What the words mean is the caller's business; `kind` and `topic` have few
// values, `key` and `subject` many. An empty key is no key.
struct Record {
  std::uint8_t kind = 0;
  std::string topic;
  std::string key;      // of what must happen once
  std::string subject;  // whom it is about
  base::Instant time;
  std::string body;
};

struct RecordPlace {
  std::uint64_t sequence = 0;  // from 1, in the order of appending
  // 1 for the first record of this kind with this key, 2 for the next; always 1
  // without a key.
  std::uint32_t copy = 1;
};

struct LoggedRecord {
  RecordPlace place;
  Record record;
};

struct RecordQuery {
  std::uint8_t kind = 0;
  std::optional<std::string> key = std::nullopt;
  std::optional<std::string> subject = std::nullopt;
  std::uint64_t after = 0;  // sequence, exclusive
  std::size_t limit = 100;
};

struct RecordTally {
  std::uint8_t kind = 0;
  std::string topic;
  std::uint64_t records = 0;
  std::uint64_t repeats = 0;  // records that are not the first copy
};

class RecordLog {
 public:
  // Makes the file if it is not there; `:memory:` keeps nothing. A file of another
  // kind, of a newer version, or in use by another process is an error.
  static base::Result<std::unique_ptr<RecordLog>> open(const std::string& path);
  ~RecordLog();  // flushes
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;

  base::Result<RecordPlace> append(const Record& record);

  // Ends the transaction that holds what was appended since the last flush. The
  // first failure of any call is final: those records are gone, every later call
  // fails too.
  base::Status flush();

  // In order of sequence.
  base::Result<std::vector<LoggedRecord>> read(const RecordQuery& query);
  // The newest record of a kind about `subject`.
  base::Result<std::optional<LoggedRecord>> newest(std::uint8_t kind, std::string_view subject);
  // How many records of a kind have `key`.
  base::Result<std::uint32_t> copies(std::uint8_t kind, std::string_view key);
  // Counted by reading everything: for start-up.
  base::Result<std::vector<RecordTally>> tallies();

 private:
  struct Parts;
  explicit RecordLog(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::store
