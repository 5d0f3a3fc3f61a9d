// What lies beside the copy in a backup: what the copy is of, and a checksum by which it is
// recognised. JSON, written once.
#pragma once

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::app {

inline constexpr const char* kManifestFile = "manifest.json";

struct BackupManifest {
  std::uint64_t sequence = 0;  // of the last commit in it
  base::Instant as_of;         // the last instant that it knows
  std::uint64_t bytes = 0;
  std::string sha256;  // of the copy, in lower-case hex
  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

std::string encode(const BackupManifest& manifest);
base::Result<BackupManifest> read_manifest(const std::string& folder);
// Of a file; kInvalid when it cannot be read.
base::Result<std::string> sha256_of(const std::string& path);

}  // namespace sojourn::app
