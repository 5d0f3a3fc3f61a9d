// What a simulation shows of every file of tests/golden/simulate.
#include <gtest/gtest.h>

#include "simulate/derive_model.h"
#include "simulate/life.h"
#include "simulate/report.h"

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "tests/golden/golden.h"

namespace sojourn::simulate {
namespace {

constexpr std::uint64_t kUsers = 3000;
constexpr std::uint64_t kSeed = 7;
constexpr std::size_t kDays = 20;

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

std::string report_of(const golden::Case& input) {
  const dsl::SourceText source{input.name + ".journey", input.text};
  const dsl::Compilation compiled = dsl::compile({&source, 1}, zones());
  if (!compiled.program) {
    ADD_FAILURE() << dsl::render_text(compiled.diagnostics, compiled.files, {});
    return {};
  }
  const graph::Graph& graph = compiled.program->journeys.front().graph;
  const graph::Catalog& catalog = compiled.program->catalog;
  Model model = derive_model(graph, catalog);
  model.arrivals.resize(kDays / 2);
  const testing::TestProgram program(*compiled.program, graph.journey);
  Tally tally(graph, kDays);
  for (std::uint64_t number = 0; number < kUsers; ++number) {
    live({program, model, kSeed, kDays}, number, zones(), tally);
  }
  return render_text(
      figures_of(graph, catalog, {kUsers, kSeed, kDays, model.start}, std::move(tally)));
}

TEST(SimulateGolden, EveryFileGivesItsTables) {
  for (const golden::Case& input : golden::read_cases("simulate")) {
    SCOPED_TRACE(input.name);
    golden::expect_golden(input, report_of(input));
  }
}

}  // namespace
}  // namespace sojourn::simulate
