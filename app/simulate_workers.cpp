#include "app/simulate_workers.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "calendar/tzdata/system_zones.h"

namespace sojourn::app {
namespace {

// Taken at once, so that threads seldom meet.
constexpr std::uint64_t kLivesAtOnce = 256;

struct Worker {
  std::unique_ptr<tzdata::SystemZones> zones;
  simulate::Tally tally;
};

}  // namespace

base::Result<simulate::Tally> simulate_lives(const simulate::Setting& setting, std::uint64_t users,
                                             int threads) {
  const std::uint64_t useful = (users + kLivesAtOnce - 1) / kLivesAtOnce;
  const auto count = std::clamp<std::uint64_t>(useful, 1, static_cast<std::uint64_t>(threads));
  std::vector<Worker> workers;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto zones = tzdata::SystemZones::open();
    if (!zones) return tl::unexpected(zones.error());
    workers.push_back({std::move(*zones), simulate::Tally(setting.graph(), setting.days)});
  }
  std::atomic<std::uint64_t> next = 0;
  const auto work = [&](Worker& worker) {
    for (std::uint64_t begin = next.fetch_add(kLivesAtOnce); begin < users;
         begin = next.fetch_add(kLivesAtOnce)) {
      const std::uint64_t end = std::min(begin + kLivesAtOnce, users);
      for (std::uint64_t number = begin; number < end; ++number) {
        simulate::live(setting, number, *worker.zones, worker.tally);
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::uint64_t i = 1; i < count; ++i) {
      others.emplace_back([&, i] { work(workers[i]); });
    }
    work(workers[0]);
  }
  simulate::Tally all = std::move(workers[0].tally);
  for (std::uint64_t i = 1; i < count; ++i) all.add(workers[i].tally);
  return all;
}

}  // namespace sojourn::app
