// What sojourn.toml says to the shard.
#pragma once

#include "app/config.h"
#include "base/result.h"
#include "runtime/shard.h"

namespace sojourn::app {

// `has_notices`: Iterable's system webhooks are taken. `ledger` may be null, and outlives the
// shard. Error: kInvalid, a pattern of `only_to` that is none.
base::Result<runtime::ShardSettings> shard_settings(const Config& config, bool has_notices,
                                                    runtime::ErasureLedger* ledger);

}  // namespace sojourn::app
