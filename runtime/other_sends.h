// What a user's log says of other messages of the same campaign: they too may be what
// Iterable lists. Reads the store; for the rare look-up, not for every turn.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// Rows of a log that are looked at, newest first.
inline constexpr std::size_t kMaxSearchedLog = 1'000;

struct OtherSends {
  std::uint32_t accepted = 0;  // Iterable took them
  // Claimed, and not known to be taken; or the log is too long to tell.
  bool uncertain = false;
};

// Of messages of `campaign` but `key` that were claimed at `from` or later.
base::Result<OtherSends> other_sends(store::Store& store, store::UserId user,
                                     std::string_view campaign, const base::Hash128& key,
                                     base::Instant from);

}  // namespace sojourn::runtime
