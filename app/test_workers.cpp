#include "app/test_workers.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "calendar/tzdata/system_zones.h"

namespace sojourn::app {
namespace {

// Taken at once, so that threads seldom meet.
constexpr std::size_t kRunsAtOnce = 16;

struct Worker {
  std::unique_ptr<tzdata::SystemZones> zones;
  testing::Coverage coverage;
};

}  // namespace

base::Result<TestedRuns> run_tests(const testing::TestProgram& program,
                                   const std::vector<testing::TestRun>& runs, int threads) {
  const std::size_t useful = (runs.size() + kRunsAtOnce - 1) / kRunsAtOnce;
  const std::size_t count = std::clamp<std::size_t>(useful, 1, static_cast<std::size_t>(threads));
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < count; ++i) {
    auto zones = tzdata::SystemZones::open();
    if (!zones) return tl::unexpected(zones.error());
    workers.push_back({std::move(*zones), testing::Coverage(program)});
  }
  TestedRuns tested{std::vector<testing::TestResult>(runs.size()), testing::Coverage(program)};
  std::atomic<std::size_t> next = 0;
  const auto work = [&](Worker& worker) {
    for (std::size_t begin = next.fetch_add(kRunsAtOnce); begin < runs.size();
         begin = next.fetch_add(kRunsAtOnce)) {
      const std::size_t end = std::min(begin + kRunsAtOnce, runs.size());
      for (std::size_t i = begin; i < end; ++i) {
        tested.results[i] = testing::run_test(program, runs[i], *worker.zones, worker.coverage);
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < count; ++i) {
      others.emplace_back([&, i] { work(workers[i]); });
    }
    work(workers[0]);
  }
  for (const Worker& worker : workers) tested.coverage.add(worker.coverage);
  return tested;
}

}  // namespace sojourn::app
