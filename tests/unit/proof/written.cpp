#include "tests/unit/proof/written.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <utility>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "proof/target.h"

namespace sojourn::proof::test {
namespace {

constexpr std::string_view kCatalog = R"(
user { t timestamp  flag boolean = false }
event signup { t timestamp }
event login
event stop { reason string }
message_type news marketing opt_in
message_type account transactional opt_out
campaign a email news
campaign b email news
campaign p push news
campaign r email account
policy { timezone "Europe/Berlin" }
)";

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

}  // namespace

TimedGraph Written::timed() const {
  auto timed = timed_graph(graph());
  EXPECT_TRUE(timed.has_value());
  return timed ? std::move(*timed) : TimedGraph{};
}

graph::StepIndex Written::step(std::string_view identity) const {
  const auto found = std::ranges::find(graph().steps, identity, &graph::Step::identity);
  EXPECT_NE(found, graph().steps.end()) << identity;
  return static_cast<graph::StepIndex>(found - graph().steps.begin());
}

std::vector<bool> Written::counted(std::string_view target) const {
  const auto what = target.empty() ? Target{} : find_target(program.catalog, target);
  EXPECT_TRUE(what.has_value()) << target;
  return Messages(graph(), program.catalog).counted(what.value_or(Target{}));
}

Written written(std::string_view body, std::string_view clauses, std::string_view declarations) {
  const std::vector<dsl::SourceText> sources = {
      {"catalog.journey", std::string(kCatalog) + std::string(declarations)},
      {"j.journey", fmt::format("journey j {{\nenter on signup\n{}\n{}\n}}\n", clauses, body)}};
  dsl::Compilation result = dsl::compile(sources, zones());
  if (!result.program) {
    ADD_FAILURE() << dsl::render_text(result.diagnostics, result.files, {});
    std::abort();
  }
  return {std::move(*result.program)};
}

}  // namespace sojourn::proof::test
