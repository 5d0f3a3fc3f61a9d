#include "app/prove_command.h"

#include <ostream>
#include <utility>
#include <vector>

#include "app/bounds_report.h"
#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project.h"
#include "dsl/render.h"
#include "graph/catalog.h"
#include "proof/rule_bounds.h"

namespace sojourn::app {
namespace {

base::Result<std::vector<const dsl::CompiledJourney*>> wanted_journeys(const dsl::Program& program,
                                                                       const std::string& name) {
  std::vector<const dsl::CompiledJourney*> wanted;
  if (name.empty()) {
    for (const dsl::CompiledJourney& journey : program.journeys) wanted.push_back(&journey);
    return wanted;
  }
  const auto journey = named_journey(program, name);
  if (!journey) return tl::unexpected(journey.error());
  wanted.push_back(*journey);
  return wanted;
}

std::vector<proof::SendBounds> sum_of(const std::vector<ProvedJourney>& journeys,
                                      const graph::Catalog& catalog) {
  std::vector<proof::JourneyBounds> bounds;
  bounds.reserve(journeys.size());
  for (const ProvedJourney& proved : journeys) bounds.push_back(proved.bounds);
  std::vector<proof::SendBounds> sums = proof::sum_per_user(bounds);
  proof::refine_by_rules(sums, catalog);
  return sums;
}

// One journey adds up to itself, unless the policy's caps bound it further.
void write_text(const std::vector<ProvedJourney>& journeys, bool whole,
                const graph::Catalog& catalog, std::ostream& out) {
  for (std::size_t i = 0; i < journeys.size(); ++i) {
    if (i > 0) out << '\n';
    out << journey_bounds_text(journeys[i]);
  }
  const bool is_more = journeys.size() > 1 || !catalog.sending.caps.empty();
  if (whole && is_more) out << '\n' << user_bounds_text(sum_of(journeys, catalog));
}

}  // namespace

int prove(const ProveOptions& options, std::ostream& out, std::ostream& err) {
  const auto could_not_run = [&](const base::Error& error) {
    if (options.json) out << "null\n";
    return report_error(error, err);
  };
  const auto project = load_project(options.project);
  if (!project) return could_not_run(project.error());
  const dsl::Compilation& compilation = project->compilation;
  if (!compilation.program) {
    if (options.json) out << "null\n";
    err << dsl::render_text(compilation.diagnostics, compilation.files, {});
    return kFindings;
  }
  const auto wanted = wanted_journeys(*compilation.program, options.journey);
  if (!wanted) return could_not_run(wanted.error());
  std::vector<ProvedJourney> journeys;
  for (const dsl::CompiledJourney* journey : *wanted) {
    const proof::Prover prover(journey->graph, compilation.program->catalog);
    journeys.push_back({journey, prover.bounds()});
  }
  const graph::Catalog& catalog = compilation.program->catalog;
  const bool whole = options.journey.empty();
  if (options.json) {
    const auto user = whole ? sum_of(journeys, catalog) : std::vector<proof::SendBounds>();
    out << bounds_json(journeys, whole ? &user : nullptr);
  } else {
    write_text(journeys, whole, catalog, out);
  }
  return kClean;
}

}  // namespace sojourn::app
