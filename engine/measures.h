// The measures of splits (language 8): whether somebody who took an arm did what the split
// measures, in time. Asked beside goals, for enrollments that have ended too. What is made of
// it over all people is engine/experiment.h. Pure and total.
#pragma once

#include <vector>

#include "base/instant.h"
#include "engine/enrollment.h"
#include "engine/facts.h"
#include "graph/graph.h"

namespace sojourn::engine {

// The split's measure was met by somebody who took their arm at `since`.
struct MeasureMet {
  graph::StepIndex split = 0;
  std::uint32_t arm = 0;
  base::Instant since;
};

// The measures that `event` meets in this enrollment, live or ended; they are open no longer. Asked
// when the event has been put into the history, before exits, so what an arm's own event
// brought about comes before the arm.
std::vector<MeasureMet> meet_measures(const graph::Graph& graph, Enrollment& enrollment,
                                      const Facts& facts, const EventFact& event,
                                      base::Instant now);

// Whoever took an arm of `split` is not counted after all: somebody else stands for their unit.
void drop_measure(Enrollment& enrollment, graph::StepIndex split);

// Can an event that arrives at `now` or later still meet one?
bool has_open_measures(const graph::Graph& graph, const Enrollment& enrollment, base::Instant now);

// Does any split of the journey measure anything?
bool has_measures(const graph::Graph& graph);

}  // namespace sojourn::engine
