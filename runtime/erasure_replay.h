// What a ledger of erasures (erasure_ledger.h) has that a store has not: the store was put back
// from a backup, or its process ended between a line of the ledger and the commit that it is about.
// Whoever is known by such a name is erased again before the shard takes its first turn, and the
// names are refused or not as the ledger says. Used by the shard, on its thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>

#include "base/result.h"
#include "runtime/erasure_ledger.h"
#include "runtime/intake.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class ForgottenNames;

// Names as ForgottenNames::mark has them.
struct MissingErasures {
  std::set<store::Identity> erased;
  std::map<store::Identity, bool> forgotten;  // whether they are, after the last line
  std::uint64_t lines = 0;                    // 0: the store has seen the whole ledger
};

// The store takes on the ledger's key if it has none; what it has not seen is on disk from here on.
// kInvalid when they do not belong together: the ledger is not there, or shorter than what the
// store has seen of it, or has another key; or when it cannot be written.
base::Result<MissingErasures> missing_erasures(ErasureLedger& ledger, store::Store& store,
                                               ForgottenNames& names);

// Erases those of these users (rows of kind kHead) who have such a name. kFatal: a row cannot be
// read.
base::Result<IntakeRequest> erase_again(std::span<const store::Row> heads,
                                        const MissingErasures& missing,
                                        const ForgottenNames& names);

}  // namespace sojourn::runtime
