// What is counted of measured splits, and which of them are decided: the program's experiments
// (engine/experiment.h). One row for each, of a user that nobody is; loaded when the shard begins
// and kept from then on. A turn that counts somebody writes the row in its own commit, and one
// that decides begins with it: so a decision is durable no later than what is done by it.
// Of splits `by` a value, the units that are settled are kept in rows of their own
// (runtime/split_units.h), written by the same commit, and removed some at a time once their
// experiment is over or given up. Owned by the shard, on its thread.
//
// A store belongs to one shard, so its users are all the users there are.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "engine/effect.h"
#include "engine/experiment.h"
#include "engine/facts.h"
#include "runtime/split_units.h"
#include "runtime/store/store.h"
#include "runtime/string_map.h"

namespace sojourn::runtime {

class Program;
struct SplitRecord;
struct TurnRecord;

class SplitBook {
 public:
  // Of one split at most `max_units` are counted.
  SplitBook(const Program& program, std::size_t max_units);

  // Takes up what is stored; what was stored of a split that has changed since is given up, and
  // counted anew. kFatal when a row cannot be read.
  base::Status load(store::Store& store, base::Instant now);

  // The arms of the journey's splits that have won.
  std::span<const engine::AssignedArm> decided(std::string_view journey) const;
  // Whoever left the journey before then has not been counted by any of its splits; kNever
  // when it measures nothing.
  base::Instant counts_since(std::string_view journey) const;

  // Somebody took an arm, as `note` tells. Returns whether they are counted; who is not must
  // not be told of by `succeeded`.
  bool taken(std::string_view journey, const graph::Split& split, const engine::Note& note,
             TurnRecord& record);
  void succeeded(std::string_view journey, const graph::Split& split, std::uint32_t arm,
                 base::Instant since, TurnRecord& record);
  // Decides what can be decided by now. Returns whether there is anything to write.
  bool close(TurnRecord& record);
  // When there will be something to close; kNever: nothing waits for it.
  base::Instant next_close() const;
  // Of the split that has counted most.
  std::size_t most_units() const;
  // Adds what changed to the commit and the counters.
  void write_to(TurnRecord& record);

 private:
  struct Entry {
    const graph::Split* split = nullptr;
    engine::Experiment experiment;
    SplitUnits units;
    bool changed = false;
    bool said_full = false;
  };
  using Key = std::pair<std::string, std::string>;  // journey, split

  Entry& entry(std::string_view journey, const graph::Split& split);
  base::Status load_experiments(store::Store& store);
  base::Status load_units(store::Store& store);
  bool has_room(const Entry& entry) const;
  // Returns whether nobody of the unit took an arm before.
  bool settle(const Key& key, Entry& entry, std::uint64_t unit, TurnRecord& record);
  void drop_units(const Key& key, Entry& entry);
  void tell_end(const Key& key, const Entry& entry, TurnRecord& record);
  void drop_unit_rows(TurnRecord& record);
  void know_winner(const std::string& journey, const Entry& entry);
  void give_up(const SplitRecord& stored);

  const std::size_t max_units_;
  std::map<Key, Entry> entries_;
  // Experiments of splits that the program does not have, whose units stay: by when they began.
  std::map<Key, base::Instant> absent_;
  std::size_t unit_rows_ = 0;  // stored, or to be written by this turn
  std::vector<store::RowKey> unit_rows_to_drop_;
  StringMap<std::vector<engine::AssignedArm>> decided_;         // by journey
  std::vector<std::pair<std::string, std::int64_t>> given_up_;  // counters to take back
};

}  // namespace sojourn::runtime
