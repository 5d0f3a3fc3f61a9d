// The experiment of a measured split: what is counted over all people, and what is made of it. One
// for each split with a `measure`, known by journey and split; versions of the journey share it.
// A plain value with what is done to it; whoever owns it (runtime/split_book.h) makes it durable
// with the turn that changed it. Pure.
//
// Everybody is counted once: when they first take an arm, as one of a batch of those who did
// so at about the same time. A success is added to the batch of the person. Once the time
// `within` is over for all of a batch, it is closed, and only closed batches decide. So each
// of them says of all its people what became of them, and those whose time is not over yet,
// of whom only successes are known, have no say. Of a split `by` a value only one of each unit
// is counted: the first who takes an arm (engine/settled_units.h).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/instant.h"
#include "engine/arm_evidence.h"
#include "graph/graph.h"

namespace sojourn::engine {

struct Experiment {
  struct Batch {
    base::Instant from;
    std::vector<ArmCounts> arms;
    friend bool operator==(const Batch&, const Batch&) = default;
  };

  std::uint64_t rule = 0;  // what it is that is counted: see rule_of
  // Who took an arm earlier does not count: another experiment may have counted them.
  base::Instant begun_at;
  std::vector<ArmCounts> all;     // by arm; for people to see
  std::vector<ArmCounts> closed;  // by arm
  std::deque<Batch> open;         // by time; at most kMaxOpenBatches and the one that grows
  // It is over: nothing is counted any more.
  std::optional<std::uint32_t> winner;
  bool unbalanced = false;

  bool is_over() const { return winner || unbalanced; }
  friend bool operator==(const Experiment&, const Experiment&) = default;
};

// A batch is this part of `within`, and no less than a minute.
inline constexpr std::int64_t kMaxOpenBatches = 64;

// Two splits count alike when they have the same: an experiment whose split was changed in any of
// it (arms, shares, unit, measure, `decide`) begins anew. What the arms do is no part of it.
std::uint64_t rule_of(const graph::Graph& graph, const graph::Split& split);

Experiment begin_experiment(const graph::Graph& graph, const graph::Split& split,
                            base::Instant now);
// Somebody took an arm now. Returns whether it counted.
bool count_taken(Experiment& experiment, const graph::Split& split, std::uint32_t arm,
                 base::Instant now);
// Somebody who took the arm at `since` met the measure. Returns whether it counted.
bool count_success(Experiment& experiment, std::uint32_t arm, base::Instant since);
// Closes what is due by `now`, and decides. Returns whether anything changed.
bool close_batches(Experiment& experiment, const graph::Split& split, base::Instant now);
// When there is something to close.
std::optional<base::Instant> next_close(const Experiment& experiment, const graph::Split& split);

}  // namespace sojourn::engine
