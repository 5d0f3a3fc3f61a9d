// One run of a soak: people come at a rate, or as fast as they are taken; when the last notice
// about them has come back, both processes end and what they knew is joined. One thread.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "bench/load/load.h"
#include "tests/soak/options.h"
#include "tests/soak/stage.h"
#include "tests/soak/tally.h"

namespace sojourn::soak {

struct Pace {
  double seconds = 0;
  double people_per_second = 0;  // 0: a closed loop
};

struct Run {
  Pace pace;
  bench::LoadReport load;
  // From the first event on, until the last person had left, and until the last notice was
  // answered.
  double exited_seconds = 0;
  double told_seconds = 0;
  StageEnd end;
  Tally tally;

  // People who went all the way in a second, the time in which they only waited left out.
  double people_per_second(const Terms& terms) const;
};

// Empties `folder` and leaves both databases there.
base::Result<Run> run(const Options& options, const std::filesystem::path& folder, Pace pace);

// The join alone, of what a run has left in `folder`.
base::Result<Tally> join_again(const std::filesystem::path& folder);

}  // namespace sojourn::soak
