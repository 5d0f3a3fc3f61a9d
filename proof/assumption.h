// What follows for the values a journey reads when a condition is assumed to hold, or not
// to hold. Sound: whatever an evaluation can find stays possible; what is said to be
// impossible never happens. A relation between two places is used at the moment it is
// assumed and not remembered. Keeps references to its arguments.
#pragma once

#include <optional>
#include <vector>

#include "graph/catalog.h"
#include "graph/graph.h"
#include "proof/known_values.h"

namespace sojourn::proof {

// What is known if a condition holds, and if it does not; nullopt: that cannot be.
struct Outcomes {
  std::optional<KnownValues> yes;
  std::optional<KnownValues> no;
};

class Assumptions {
 public:
  // Conditions with more parts than this, counted as often as they are looked at, are not
  // seen to the end.
  static constexpr int kMostLooks = 4'000;

  Assumptions(const graph::Graph& graph, const graph::Catalog& catalog, const ValuePaths& paths);

  // When `condition` evaluates to true, and to anything else.
  Outcomes decide(const KnownValues& known, graph::ExprId condition) const;
  // One of them, into `known`. False: that cannot be, and `known` is as it was.
  bool assume(KnownValues& known, graph::ExprId condition, bool outcome) const;

  ValueSet value_of(const KnownValues& known, graph::ExprId id) const;
  const ValueSet& value_at(const KnownValues& known, PathIndex path) const;

 private:
  const graph::Graph& graph_;
  const ValuePaths& paths_;
  std::vector<ValueSet> declared_;   // by path
  std::vector<ValueSet> constants_;  // by ExprId; of nothing else
};

}  // namespace sojourn::proof
