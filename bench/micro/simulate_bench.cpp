// Lives of synthetic users, as `sojourn simulate` lets them be lived: one thread here.
// Everybody takes ten steps.
#include <benchmark/benchmark.h>
#include <string>

#include "simulate/derive_model.h"
#include "simulate/life.h"

#include "base/check.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"

namespace sojourn::simulate {
namespace {

constexpr std::string_view kTenSteps = R"(
user { plan "free" | "trial" | "pro", seats integer, stage string }
event signup { plan string, seats integer }
event login
event purchase { amount number }
message_type news    = 1 marketing opt_in
message_type account = 2 transactional opt_out
campaign m1 = 1 email account { data { plan string } }
campaign m2 = 2 email news
campaign m3 = 3 push  news
campaign m4 = 4 email account
policy { timezone user.timeZone default "America/New_York" }

journey trial {
  enter on signup
  exit  on purchase where event.amount > 10 as bought
  send m1 with { plan: entry.plan }
  update user { stage: "one" }
  wait 1d at 09:00
  wait for login up to 2d {}
  split road {
    50% a { send m2 }
    50% b { send m3 }
  }
  if user.seats > 5 { wait 3d } else { wait 1d }
  send m4
  update user { stage: "two" }
}
)";

constexpr std::size_t kDays = 60;

void simulate_ten_steps(benchmark::State& state) {
  const auto zones = tzdata::SystemZones::open();
  const dsl::SourceText source{"trial.journey", std::string(kTenSteps)};
  const auto compiled = dsl::compile({&source, 1}, **zones);
  SOJOURN_CHECK(compiled.program.has_value(), "a benchmark's program is without faults");
  const graph::Graph& graph = compiled.program->journeys.front().graph;
  Model model = derive_model(graph, compiled.program->catalog);
  // Nobody leaves early, so that everybody goes the whole way.
  for (EventModel& event : model.events) {
    if (event.event == "purchase") event.probability = 0;
  }
  const testing::TestProgram program(*compiled.program, graph.journey);
  const Setting setting{program, model, 1, kDays};
  Tally tally(graph, kDays);
  std::uint64_t number = 0;
  for (auto _ : state) live(setting, number++, **zones, tally);
  SOJOURN_CHECK(tally.inside == std::vector<Tally::Count>(graph.steps.size()),
                "everybody reaches the end");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(simulate_ten_steps)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sojourn::simulate
