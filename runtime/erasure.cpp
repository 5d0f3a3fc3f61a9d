#include "runtime/erasure.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "runtime/counter_names.h"
#include "runtime/dead_letter_book.h"
#include "runtime/erasing_forward.h"
#include "runtime/fan_out_book.h"
#include "runtime/fan_out_record.h"
#include "runtime/forgotten_names.h"
#include "runtime/moved_logs.h"
#include "runtime/program.h"
#include "runtime/turn_outbox.h"
#include "runtime/user_book.h"
#include "runtime/washing.h"

namespace sojourn::runtime {
namespace {

using store::RowKind;

constexpr auto kAllRows = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::size_t kFanOutBatch = 1'000;
// Beside those that go with whoever is gone (UserState::write_gone).
constexpr auto kKinds =
    std::to_array<RowKind>({RowKind::kEnrollment, RowKind::kPast, RowKind::kEvent,
                            RowKind::kMeasured, RowKind::kSent, RowKind::kLog});
// A forgotten name names nobody.
constexpr store::UserId kNobody{0, 0};

}  // namespace

base::Status Erasure::load(std::span<const store::Identity> names,
                           std::span<const std::optional<store::UserId>> owners) {
  if (!context_.forgotten.any()) return {};
  std::vector<const store::Identity*> asked;
  store::ReadSet read;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (owners[i]) continue;
    asked.push_back(&names[i]);
    read.identities.push_back(context_.forgotten.mark(names[i]));
  }
  if (asked.empty()) return {};
  const auto loaded = context_.store.load(read);
  if (!loaded) return tl::unexpected(loaded.error());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const bool is_kept = loaded->identities[i].has_value();
    marks_[*asked[i]] = {is_kept, is_kept};
  }
  return {};
}

base::Status Erasure::note(std::span<const store::Identity> names, LedgerEntry::What what) {
  ErasureLedger* const ledger = context_.settings.ledger;
  if (ledger == nullptr || names.empty()) return {};
  ForgottenNames& forgotten = context_.forgotten;
  if (auto made = forgotten.make_key(context_.store, context_.random); !made) return made;
  std::vector<LedgerEntry> entries;
  for (const store::Identity& name : names) {
    LedgerEntry entry{what, forgotten.mark(name)};
    const bool is_new = std::ranges::find(entries, entry) == entries.end();
    if (is_new) entries.push_back(std::move(entry));
  }
  if (auto noted = ledger->append(entries, forgotten.key(), record_.now); !noted) return noted;
  record_.count(kErasuresInLedger, static_cast<std::int64_t>(entries.size()));
  return {};
}

void Erasure::erase(UserState& user, bool goes_on) {
  const store::UserId id = user.id();
  for (const Seat& seat : user.seats()) {
    const engine::Enrollment& enrollment = seat.enrollment;
    if (enrollment.exit_reason) continue;
    record_.count(seat.journey->inside_counters.at(enrollment.at), -1);
    record_.count(counter_name({"exited", seat.journey->graph.journey, "erased"}));
  }
  record_.count("users_erased");
  record_.count(kToWash);
  outbox_.erase(id, goes_on);
  drop_letters(id);
  leave_fan_outs(id);
  moved_logs_.erase(id);
  remove_rows(id);
  users_.remove(user);
}

void Erasure::remove_rows(store::UserId user) {
  for (const RowKind kind : kKinds) {
    const auto rows = context_.store.rows(user, kind, kAllRows);
    if (failed(rows)) return;
    for (const store::Row& row : *rows) record_.commit.remove_rows.push_back(row.key);
  }
}

void Erasure::drop_letters(store::UserId user) {
  for (const std::uint64_t number : context_.letters.of_user(user)) {
    if (is_erasing(context_.letters.at(number).record.subject)) continue;
    context_.letters.take(number, record_);
    record_.count("dead_letters_gone/erased");
  }
}

// From parts that are still to be handed out, those of this turn included. A part that has nobody
// left stays: the event goes with its last one.
void Erasure::leave_fan_outs(store::UserId user) {
  if (!context_.fan_outs.waits(user)) return;
  const auto leave = [&](const store::FanOutRow& row) -> std::optional<store::FanOutRow> {
    auto users = decode_users(row.body);
    if (failed(users) || std::erase(*users, user) == 0) return std::nullopt;
    if (failed(context_.fan_outs.users_gone({&user, 1}))) return std::nullopt;
    return store::FanOutRow{row.key, encode_users(*users)};
  };
  store::Commit& commit = record_.commit;
  std::vector<store::FanOutKey> settled = commit.remove_fan_outs;
  for (store::FanOutRow& row : commit.put_fan_outs) {
    settled.push_back(row.key);
    if (row.key.part == 0) continue;
    if (auto left = leave(row)) row = std::move(*left);
  }
  std::optional<store::FanOutKey> after;
  while (context_.fan_outs.waits(user)) {
    const auto rows = context_.store.fan_outs(after, kFanOutBatch);
    if (failed(rows) || rows->empty()) return;
    after = rows->back().key;
    for (const store::FanOutRow& row : *rows) {
      const bool is_settled = std::ranges::find(settled, row.key) != settled.end();
      if (row.key.part == 0 || is_settled) continue;
      if (auto left = leave(row)) commit.put_fan_outs.push_back(std::move(*left));
    }
  }
}

bool Erasure::is_forgotten(const store::Identity& name) const {
  const auto found = marks_.find(name);
  return found != marks_.end() && found->second.now;
}

void Erasure::set_forgotten(const store::Identity& name, bool forgotten) {
  if (forgotten && failed(context_.forgotten.make_key(context_.store, context_.random))) return;
  marks_[name].now = forgotten;
}

void Erasure::write_to(TurnRecord& record) const {
  for (const auto& [name, mark] : marks_) {
    if (mark.now == mark.stored) continue;
    context_.forgotten.changed(mark.now, record);
    const store::Identity kept = context_.forgotten.mark(name);
    if (mark.now) {
      record.commit.put_identities.emplace_back(kept, kNobody);
    } else {
      record.commit.remove_identities.push_back(kept);
    }
  }
}

}  // namespace sojourn::runtime
