// The sandbox's record, read person by person in order of email after the sandbox has ended. What
// is in memory is one person and SQLite's cache. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"
#include "tests/soak/person.h"

namespace sojourn::soak {

class SandboxRecord {
 public:
  static base::Result<SandboxRecord> open(const std::filesystem::path& record_file);
  SandboxRecord(SandboxRecord&&) noexcept;
  ~SandboxRecord();

  // The next person who was sent or told of anything; none at the end. An error when a row cannot
  // be read.
  base::Result<std::optional<SandboxPerson>> next();

 private:
  struct Parts;
  explicit SandboxRecord(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::soak
