#include "runtime/erasure_replay.h"

#include <fmt/format.h>
#include <utility>

#include "runtime/forgotten_names.h"
#include "runtime/item_names.h"
#include "runtime/user_head.h"

namespace sojourn::runtime {
namespace {

using What = LedgerEntry::What;

base::Result<std::uint64_t> lines_seen(store::Store& store) {
  const auto counters = store.counters();
  if (!counters) return tl::unexpected(counters.error());
  for (const auto& [name, value] : *counters) {
    if (name == kErasuresInLedger) return static_cast<std::uint64_t>(value);
  }
  return 0;
}

}  // namespace

base::Result<MissingErasures> missing_erasures(ErasureLedger& ledger, store::Store& store,
                                               ForgottenNames& names) {
  const auto seen = lines_seen(store);
  if (!seen) return tl::unexpected(seen.error());
  if (ledger.lines() < *seen) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("the ledger of erasures `{}` has {} lines, and this store has seen {}",
                    ledger.path(), ledger.lines(), *seen),
        "put back the ledger that belongs to it: without it a backup may bring back who was "
        "erased; "
        "`erasure_ledger = \"off\"` under [store] runs without one");
  }
  if (auto renewed = ledger.renew(*seen); !renewed) return tl::unexpected(renewed.error());
  if (auto adopted = names.adopt_key(store, ledger.key()); !adopted) {
    return tl::unexpected(base::Error{
        adopted.error().kind,
        fmt::format("the ledger of erasures `{}`: {}", ledger.path(), adopted.error().message),
        adopted.error().hint});
  }
  auto entries = ledger.after(*seen);
  if (!entries) return tl::unexpected(entries.error());
  MissingErasures missing;
  for (LedgerEntry& entry : *entries) {
    ++missing.lines;
    if (entry.what != What::kUnforgotten) missing.erased.insert(entry.name);
    if (entry.what != What::kErased) {
      missing.forgotten[std::move(entry.name)] = entry.what == What::kForgotten;
    }
  }
  return missing;
}

base::Result<IntakeRequest> erase_again(std::span<const store::Row> heads,
                                        const MissingErasures& missing,
                                        const ForgottenNames& names) {
  IntakeRequest request;
  request.endpoint = IntakeRequest::Endpoint::kUsersDelete;
  for (const store::Row& row : heads) {
    const auto head = decode_user_head(row.body);
    if (!head) return tl::unexpected(head.error());
    IntakeErasure erasure;
    erasure.person = {head->email, head->user_id};
    erasure.may_be_unknown = true;
    erasure.is_in_ledger = true;
    bool is_erased = false;
    for_each_identity(erasure.person, [&](const store::Identity& name) {
      is_erased |= missing.erased.contains(names.mark(name));
    });
    if (is_erased) request.items.emplace_back(std::move(erasure));
  }
  return request;
}

}  // namespace sojourn::runtime
