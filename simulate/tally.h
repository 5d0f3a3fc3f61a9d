// What is counted while people go through a journey. Sums and sets only, so that the tallies
// of several threads add up to the same whatever each of them did. A value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/instant.h"
#include "graph/graph.h"

namespace sojourn::simulate {

struct Tally {
  using Count = std::uint64_t;

  Tally(const graph::Graph& graph, std::size_t days);
  void add(const Tally& other);

  Count users = 0;
  Count never_entered = 0;               // users
  Count entered = 0;                     // enrollments, as all that follows
  std::vector<Count> reached;            // by step
  std::vector<Count> inside;             // by step, at the end
  std::vector<std::vector<Count>> arms;  // by step; of splits, by arm
  // By step and arm: of measured splits `by` a value, the units (engine/settled_units.h). What
  // both of two threads have seen is one.
  std::vector<std::vector<std::unordered_set<std::uint64_t>>> units;
  std::map<std::string, Count, std::less<>> exits;  // by reason
  std::vector<base::Millis> stays;                  // of those who left; in no order

  std::vector<Count> goals;  // by goal: how often it was met

  std::vector<Count> planned;            // by step
  std::vector<std::vector<Count>> sent;  // by step; of sends, by day since the start
  std::vector<std::map<std::string, Count, std::less<>>> skipped;  // by step and reason
};

}  // namespace sojourn::simulate
