// What is counted of measured splits, and which of them are decided: the program's experiments
// (engine/experiment.h). One row for each, of a user that nobody is; loaded when the shard begins
// and kept from then on. A turn that counts somebody writes the row in its own commit, and one
// that decides begins with it: so a decision is durable no later than what is done by it.
// Owned by the shard, on its thread.
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
#include "engine/experiment.h"
#include "engine/facts.h"
#include "runtime/store/store.h"
#include "runtime/string_map.h"

namespace sojourn::runtime {

class Program;
struct SplitRecord;
struct TurnRecord;

class SplitBook {
 public:
  explicit SplitBook(const Program& program);

  // Takes up what is stored; what was stored of a split that has changed since is given up, and
  // counted anew. kFatal when a row cannot be read.
  base::Status load(store::Store& store, base::Instant now);

  // The arms of the journey's splits that have won.
  std::span<const engine::AssignedArm> decided(std::string_view journey) const;
  // Whoever left the journey before then has not been counted by any of its splits; kNever
  // when it measures nothing.
  base::Instant counts_since(std::string_view journey) const;

  void taken(std::string_view journey, const graph::Split& split, std::uint32_t arm,
             TurnRecord& record);
  void succeeded(std::string_view journey, const graph::Split& split, std::uint32_t arm,
                 base::Instant since, TurnRecord& record);
  // Decides what can be decided by now. Returns whether anything changed.
  bool close(TurnRecord& record);
  // When there will be something to close; kNever: nothing waits for it.
  base::Instant next_close() const;
  // Adds what changed to the commit and the counters.
  void write_to(TurnRecord& record);

 private:
  struct Entry {
    const graph::Split* split = nullptr;
    engine::Experiment experiment;
    bool changed = false;
  };
  using Key = std::pair<std::string, std::string>;  // journey, split

  Entry& entry(std::string_view journey, const graph::Split& split);
  void tell_end(const Key& key, const Entry& entry, TurnRecord& record);
  void know_winner(const std::string& journey, const Entry& entry);
  void give_up(const SplitRecord& stored);

  std::map<Key, Entry> entries_;
  StringMap<std::vector<engine::AssignedArm>> decided_;         // by journey
  std::vector<std::pair<std::string, std::int64_t>> given_up_;  // counters to take back
};

}  // namespace sojourn::runtime
