// Going through all users once when the rules by which they are watched have changed
// (engine/watch_plan.h), so that a date, a condition or a schedule of a journey that is new
// is known of those, too, who never send anything; or when the rules of the time zones have,
// so that all timers are aimed anew at the local time that was meant. A few users in every turn;
// how far it has come is written by the turn's own commit, so that a restart goes on from there.
//
// It also knows since when each rule has been in the program: a moment of a schedule that
// comes before its user's turn is due all the same; and what holds of people who come. One row, of
// a user that nobody is. Owned by the shard, on its thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "engine/newcomers.h"
#include "engine/watch_plan.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// What the row says.
struct CensusRecord {
  std::uint64_t fingerprint = 0;  // of the plan
  std::uint64_t zone_rules = 0;   // fingerprint of those by which timers are aimed
  // The last user who was looked at; none: nobody yet.
  std::optional<store::UserId> last;
  bool is_over = true;
  bool is_aiming_anew = false;  // since the rules of the zones changed
  struct Rule {
    std::uint64_t key = 0;
    base::Instant since;
    friend bool operator==(const Rule&, const Rule&) = default;
  };
  std::vector<Rule> rules;  // as the plan has them
  friend bool operator==(const CensusRecord&, const CensusRecord&) = default;
};

// Format: u8 version (2), fixed64 fingerprint, fixed64 zone rules, u8 flags (1 over, 2 last, 4
// aiming anew), [varint shard, varint number], varint count, then for each rule: fixed64 key,
// signed varint since. Version 1 has no zone rules: they are 0, which are other ones.
std::string encode(const CensusRecord& record);
base::Result<CensusRecord> decode_census(std::string_view bytes);

class Census {
 public:
  // Before the first turn. Begins anew when the plan, or the zones' rules, are others than those
  // of the row. kFatal when the row cannot be read.
  base::Status load(store::Store& store, const engine::WatchPlan& plan, std::uint64_t zone_rules,
                    base::Instant now);

  // Somebody is left to be looked at, or something to be written: a turn has to be run.
  bool wants_turn() const { return changed_ || !record_.is_over; }
  // The timers of those who are looked at are to be aimed anew.
  bool is_aiming_anew() const { return record_.is_aiming_anew; }
  // Since when people who were there have been waited for, by rule. Empty before `load`.
  std::span<const base::Instant> since() const { return since_; }

  // What the first look finds of people who were not there; null: nobody has said.
  void expect(engine::Newcomers newcomers) { newcomers_ = std::move(newcomers); }
  const engine::Newcomers* newcomers() const { return newcomers_ ? &*newcomers_ : nullptr; }

  // The users whose turn it is, at most `limit`; they are taken to be looked at in this
  // turn. Empty when it is over.
  base::Result<std::vector<store::UserId>> next(store::Store& store, std::size_t limit);
  // Adds what changed to the commit.
  void write_to(store::Commit& commit);

 private:
  CensusRecord record_;
  std::vector<base::Instant> since_;
  bool changed_ = false;
  bool unwritten_ = false;  // and worth no commit of its own
  std::optional<engine::Newcomers> newcomers_;
};

}  // namespace sojourn::runtime
