// The daemon's store, read person by person in order of email after the daemon has ended. What is
// in memory is one person and SQLite's cache. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "tests/soak/person.h"

namespace sojourn::soak {

class DaemonRecord {
 public:
  static base::Result<DaemonRecord> open(const std::filesystem::path& store_file);
  DaemonRecord(DaemonRecord&&) noexcept;
  ~DaemonRecord();

  // The next person; none at the end. An error when a row cannot be read.
  base::Result<std::optional<DaemonPerson>> next();
  // What the outbox still holds.
  base::Result<std::uint64_t> deliveries_left();
  // The durable counters, by name (runtime/counter_names.h).
  base::Result<std::map<std::string, std::int64_t>> counters();

 private:
  struct Parts;
  explicit DaemonRecord(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::soak
