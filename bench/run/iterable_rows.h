// The rows of the table about the ways from and to Iterable, with their bars.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/run/contest.h"
#include "bench/run/report.h"
#include "bench/run/stage.h"

namespace sojourn::bench {

// Events by `trackBulk`, then one in a request.
std::vector<ReportRow> intake_rows(const Contest& contest, const PhaseSetup& setup,
                                   const MakeReceiver& sink);

// `people` with a message each, all due at once.
std::vector<ReportRow> sends_rows(const Contest& contest, const PhaseSetup& setup,
                                  const MakeReceiver& sink, std::uint64_t people);

// What `forward = "ask"` adds to the latency of an event. The floor asks nobody: its column is
// that of its plain answers.
std::vector<ReportRow> ask_rows(const Contest& contest, const PhaseSetup& setup,
                                const MakeReceiver& sink);

}  // namespace sojourn::bench
