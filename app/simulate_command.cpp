#include "app/simulate_command.h"

#include <algorithm>
#include <fmt/core.h>
#include <ostream>
#include <thread>
#include <utility>

#include "simulate/derive_model.h"
#include "simulate/report.h"

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project.h"
#include "app/simulate_workers.h"
#include "app/simulation_model.h"
#include "app/write_file.h"
#include "dsl/render.h"

namespace sojourn::app {
namespace {

base::Result<simulate::Model> model_of(const SimulateOptions& options,
                                       const dsl::CompiledJourney& journey,
                                       const graph::Catalog& catalog) {
  simulate::Model model = simulate::derive_model(journey.graph, catalog);
  if (!options.model_file.empty()) {
    auto changed = load_simulation_model(options.model_file, std::move(model), catalog);
    if (!changed) return changed;
    model = std::move(*changed);
  }
  const auto days = static_cast<std::size_t>(options.days);
  // People who would enter later than the last day are not in the simulation at all.
  if (model.arrivals.size() > days) model.arrivals.resize(days);
  if (std::ranges::all_of(model.arrivals, [](double share) { return share <= 0; })) {
    return base::failure(base::Error::Kind::kInvalid, "nobody enters in the days simulated",
                         "give more --days, or other `shares` in the model");
  }
  const bool enters = std::ranges::any_of(
      model.events, [](const simulate::EventModel& event) { return event.enters > 0; });
  if (!enters && journey.graph.watched.empty()) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("no event of the catalog starts `{}`", options.journey),
        "journeys that begin with an event, a date, a condition or a schedule can be simulated");
  }
  return model;
}

base::Result<simulate::Figures> run(const SimulateOptions& options, const dsl::Program& program) {
  const auto journey = named_journey(program, options.journey);
  if (!journey) return tl::unexpected(journey.error());
  const auto model = model_of(options, **journey, program.catalog);
  if (!model) return tl::unexpected(model.error());
  const testing::TestProgram alone(program, (*journey)->graph.journey);
  const auto days = static_cast<std::size_t>(options.days);
  const simulate::Setting setting{alone, *model, options.seed, days};
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  auto tally = simulate_lives(setting, options.users, options.jobs > 0 ? options.jobs : cores);
  if (!tally) return tl::unexpected(tally.error());
  const simulate::Request request{options.users, options.seed, days, model->start};
  return simulate::figures_of((*journey)->graph, program.catalog, request, std::move(*tally));
}

}  // namespace

int simulate(const SimulateOptions& options, std::ostream& out, std::ostream& err) {
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
  const auto figures = run(options, *compilation.program);
  if (!figures) return could_not_run(figures.error());
  if (!options.html_file.empty()) {
    const auto written = write_file(options.html_file, simulate::render_html(*figures));
    if (!written) return could_not_run(written.error());
  }
  out << (options.json ? simulate::render_json(*figures) : simulate::render_text(*figures));
  return kClean;
}

}  // namespace sojourn::app
