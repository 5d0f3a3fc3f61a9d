// How the files that the system lets a process open are shared out: every connection is one, and
// senders who use up all of them would keep messages from leaving.
#pragma once

#include <cstddef>

#include "app/config.h"
#include "base/result.h"

namespace sojourn::app {

// For the store, the loops, the log and operators, and some to spare.
inline constexpr std::size_t kOwnFiles = 96;
// With fewer nothing is promised: the daemon does not start.
inline constexpr std::size_t kLeastFiles = kOwnFiles + 32;

// Error (kInvalid): `files` are fewer than that.
base::Status expect_files(std::size_t files);

// Lowers the limits of connections in `config` to what fits into `files`, kLeastFiles or more; true
// when it had to. Those of webhooks stay: they are few, and each host has its own.
bool fit_connections(Config& config, std::size_t files);

}  // namespace sojourn::app
