// How the files that the system lets a process open are shared out: every connection is one, and
// senders who use up all of them would keep messages from leaving.
#pragma once

#include <cstddef>

#include "app/config.h"
#include "base/result.h"

namespace sojourn::app {

// For the store, the loops and the log, and some to spare.
inline constexpr std::size_t kInnerFiles = 64;
// At each of the two doors for operators, the control socket and `[listen] admin`: a few commands
// and who watches. Nothing is lowered for them, so they are few: whoever else holds connections
// there takes none from senders.
inline constexpr std::size_t kOperatorConnections = 16;
inline constexpr std::size_t kOwnFiles = kInnerFiles + 2 * kOperatorConnections;
// With fewer nothing is promised: the daemon does not start.
inline constexpr std::size_t kLeastFiles = kOwnFiles + 32;

// Error (kInvalid): `files` are fewer than that.
base::Status expect_files(std::size_t files);

// Lowers the limits of connections in `config` to what fits into `files`, kLeastFiles or more; true
// when it had to. Those of webhooks stay: they are few, and each host has its own.
bool fit_connections(Config& config, std::size_t files);

}  // namespace sojourn::app
