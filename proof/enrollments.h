// How many enrollments of one journey a user can have: what turns the bounds of one
// enrollment into those of a user.
#pragma once

#include <cstddef>
#include <optional>

#include "base/instant.h"
#include "graph/graph.h"
#include "proof/most_sends.h"

namespace sojourn::proof {

// Enrollments that follow each other by `while enrolled restart` count as one, which
// may send `in_a_row` times as much.
struct Enrollments {
  std::size_t in_a_row = 1;
  // With nullopt, nothing bounds them. At least one each.
  Count in_all;
  Count per_day;   // that have messages in any 24 h
  Count per_week;  // that have messages in any 168 h

  bool once() const { return in_all == Count(1); }
};

// `lasts`: the most that one of them lasts without the queue of `pace`, if that is known.
// Where only schedules start the journey, they bound how many there are in a stretch.
Enrollments enrollments_of(const graph::Graph& graph, std::optional<base::Millis> lasts = {});

// What so many of them send at most.
Count times(Count sends, Count enrollments);

}  // namespace sojourn::proof
