// Proofs of a program: what `sojourn check` and `sojourn prove` pay for them.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fmt/core.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "proof/prove.h"

namespace sojourn::proof {
namespace {

constexpr std::string_view kCatalog = R"(
user { ends timestamp  seats integer = 0 }
event signup
event login
message_type news marketing opt_in
message_type account transactional opt_out
campaign c1 email news
campaign c2 email news
campaign c3 push news
campaign c4 email account
campaign c5 sms account
policy { timezone "Europe/Berlin" }
)";

// Some 25 steps: branches, a split, waits of every kind, a ladder of reminders.
constexpr std::string_view kBody = R"(
  enter on signup
  send c1 within 1d
  wait 1d at 09:00
  wait for login up to 3d { split road { 50% a { send c2 } 50% b {} } } timeout { send c3 }
  if user.seats > 5 { wait 2d send c4 } else { send c5 }
  wait until user.ends - 7d up to 60d past continue missing exit
  schedule around user.ends up to 50d missing exit {
    5d before at 10:00 { r1: send c1 again }
    3d before at 10:00 { if user.seats > 1 { r2: send c2 again } }
    1d before at 10:00 { r3: send c3 again else { r4: send c2 again } }
    1d after           { wait 12h r5: send c4 again }
  }
  update user { seats: 3 }
  track login {}
  wait 1mo
  last: send c5 again
)";

const dsl::Program& program(std::size_t journeys) {
  static const dsl::Program kept = [&] {
    std::string text(kCatalog);
    for (std::size_t i = 0; i < journeys; ++i)
      text += fmt::format("journey j{} {{{}}}\n", i, kBody);
    const auto zones = tzdata::SystemZones::open();
    if (!zones) std::abort();
    const std::vector<dsl::SourceText> sources = {{"all.journey", text}};
    dsl::Compilation compilation = dsl::compile(sources, **zones);
    if (!compilation.program) {
      fmt::print(stderr, "{}", dsl::render_text(compilation.diagnostics, compilation.files, {}));
      std::abort();
    }
    return std::move(*compilation.program);
  }();
  return kept;
}

// Every bound of the table, of 1,000 journeys.
void prove_bounds(benchmark::State& state) {
  const dsl::Program& all = program(1'000);
  for (auto _ : state) {
    for (const dsl::CompiledJourney& journey : all.journeys) {
      benchmark::DoNotOptimize(Prover(journey.graph, all.catalog).bounds());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.journeys.size()));
}
BENCHMARK(prove_bounds)->Unit(benchmark::kMillisecond);

// Three asserts for each of 1,000 journeys, all of which hold.
void prove_asserts(benchmark::State& state) {
  const dsl::Program& all = program(1'000);
  const std::vector<Assertion> assertions = {AtMost{{}, 99, base::days24(7)},
                                             EndsWithin{base::days24(4'000)}, Reaches{0}};
  for (auto _ : state) {
    for (const dsl::CompiledJourney& journey : all.journeys) {
      const Prover prover(journey.graph, all.catalog);
      for (const Assertion& assertion : assertions) {
        if (prover.disprove(assertion)) std::abort();
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.journeys.size()));
}
BENCHMARK(prove_asserts)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sojourn::proof
