// keys.toml: names, scopes and hashes of the keys that are let in, a table for each. It holds no
// secret, but whoever may write it can let themselves in; so one that others own or may write is
// refused.
// `sojourn key` writes it, the daemon reads it. docs/running.md describes it. Blocks on the disk;
// any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/access_key.h"
#include "app/config.h"
#include "base/instant.h"
#include "base/result.h"

namespace sojourn::app {

using AccessKeys = std::vector<AccessKey>;

// What such a file says; `file` is what messages call it. An error names the line.
base::Result<AccessKeys> parse_keys(const std::string& text, const std::string& file);
std::string keys_text(const AccessKeys& keys);

// None where there is no file.
base::Result<AccessKeys> read_key_file(const std::string& path);

// Whoever reads the file meanwhile sees all of the change or nothing of it, and of two who change
// it at once the second starts from what the first wrote. The file is made when it is not there.
// `change` gives an error for what is not to be done. kUnavailable: another process was still at it
// when `wait` had passed.
base::Status change_key_file(const std::string& path,
                             const std::function<base::Status(AccessKeys&)>& change,
                             base::Millis wait = base::seconds(10));

// All that the daemon lets in: those of the file, and the key under [intake], which may ingest,
// and erase where `[intake] erase` says so. An error when that is one of the file's, too.
base::Result<AccessKeys> read_access_keys(const Config& config);
// What to tell of the key under [intake] when it is one that somebody might guess: it is shorter
// than kLeastIntakeKeyBytes. Nothing when it is not, or cannot be read.
inline constexpr std::size_t kLeastIntakeKeyBytes = 16;
std::optional<std::string> doubt_about_intake_key(const Config& config);
// An error when none of them may ingest. That is a fault at the start only: later, the last may
// have been revoked.
base::Status expect_senders(const Config& config, const AccessKeys& keys);

}  // namespace sojourn::app
