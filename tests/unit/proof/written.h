// Journeys for proofs, as an author writes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/program.h"
#include "proof/timed_graph.h"

namespace sojourn::proof::test {

// What the bodies may name. Campaigns: `a`, `b` (email, of type `news`, which is
// marketing), `p` (push, `news`), `r` (email, `account`). Events: `signup`, which has a
// timestamp `t`, `login`, `stop`. Profile: `t` (timestamp), `flag` (boolean, default false).
struct Written {
  dsl::Program program;

  const graph::Graph& graph() const { return program.journeys.front().graph; }
  TimedGraph timed() const;
  graph::StepIndex step(std::string_view identity) const;
  std::vector<bool> counted(std::string_view target = {}) const;
};

// One journey `j` with this body; fails the test when it has findings. `clauses` stand
// above the body, `declarations` above the journey.
Written written(std::string_view body, std::string_view clauses = {},
                std::string_view declarations = {});

}  // namespace sojourn::proof::test
