// `sojourn-sim`: docs/testing.md, "The simulation of the runtime".
#include <cstdlib>
#include <fmt/core.h>
#include <fstream>
#include <string>
#include <vector>

#include "calendar/tzdata/system_zones.h"
#include "runtime/uv/system_clock.h"
#include "tests/sim/options.h"
#include "tests/sim/summary.h"
#include "tests/sim/world.h"

namespace sojourn::sim {
namespace {

constexpr int kViolated = 1;
constexpr int kCouldNotRun = 2;
constexpr std::uint64_t kTellEvery = 500;

int could_not_run(const base::Error& error) {
  fmt::print(stderr, "sim: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  return kCouldNotRun;
}

// Says all of a run that is alone or violates something.
int run_all(const Options& options, const Programs& programs) {
  uv::SystemClock clock;
  const std::int64_t until = clock.monotonic_millis() + base::minutes(options.minutes).count;
  Summary summary;
  for (std::uint64_t seed = options.first; seed <= options.last; ++seed) {
    RunOptions one;
    one.seed = seed;
    one.faulty = base::days24(options.days);
    if (options.lines > 0) one.lines = static_cast<std::size_t>(options.lines);
    const RunResult result = World(programs, one).run();
    summary.add(result);
    if (result.violation || options.first == options.last) fmt::print("{}", text_of(result));
    if (options.lines > 0 && !result.violation) fmt::print("{}", newest_of(result));
    if (summary.runs() % kTellEvery == 0) fmt::print(stderr, "{}\n", summary.text());
    if (options.minutes > 0 && clock.monotonic_millis() >= until) break;
  }
  if (options.first != options.last) fmt::print("{}", summary.text());
  if (!options.log.empty()) std::ofstream(options.log, std::ios::app) << summary.text();
  return summary.violations() == 0 ? EXIT_SUCCESS : kViolated;
}

}  // namespace
}  // namespace sojourn::sim

int main(int argc, char** argv) {
  using namespace sojourn::sim;
  const auto options = parse_options(std::vector<std::string>(argv + 1, argv + argc));
  if (!options) return could_not_run(options.error());
  if (options->wants_help) {
    fmt::print("{}", help_text());
    return EXIT_SUCCESS;
  }
  auto zones = sojourn::tzdata::SystemZones::open();
  if (!zones) return could_not_run(zones.error());
  return run_all(*options, Programs(**zones));
}
