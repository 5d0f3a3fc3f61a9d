#include "app/graph_command.h"

#include <fmt/core.h>
#include <ostream>
#include <string_view>
#include <vector>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project.h"
#include "base/text.h"
#include "dsl/render.h"
#include "graph/print.h"

namespace sojourn::app {
namespace {

std::string draw(const graph::Graph& graph, GraphFormat format) {
  switch (format) {
    case GraphFormat::kMermaid:
      return graph::print_mermaid(graph);
    case GraphFormat::kDot:
      return graph::print_dot(graph);
    case GraphFormat::kJson:
      return graph::print_json(graph);
  }
  return {};
}

base::Error unknown_journey(const std::string& name, const dsl::Program& program) {
  std::vector<std::string_view> known;
  known.reserve(program.journeys.size());
  for (const dsl::CompiledJourney& journey : program.journeys) {
    known.emplace_back(journey.graph.journey);
  }
  base::Error error{base::Error::Kind::kNotFound, fmt::format("no journey named `{}`", name), {}};
  const auto near = base::did_you_mean(name, known);
  if (near) error.hint = fmt::format("did you mean `{}`?", *near);
  return error;
}

}  // namespace

int graph(const GraphOptions& options, std::ostream& out, std::ostream& err) {
  const bool json = options.format == GraphFormat::kJson;
  const auto could_not_run = [&](const base::Error& error) {
    if (json) out << "null\n";
    return report_error(error, err);
  };
  const auto project = load_project(options.project);
  if (!project) return could_not_run(project.error());
  const dsl::Compilation& compilation = project->compilation;
  if (!compilation.program) {
    if (json) out << "null\n";
    err << dsl::render_text(compilation.diagnostics, compilation.files, {});
    return kFindings;
  }
  const dsl::CompiledJourney* journey = compilation.program->find_journey(options.journey);
  if (journey == nullptr) {
    return could_not_run(unknown_journey(options.journey, *compilation.program));
  }
  const std::string picture = draw(journey->graph, options.format);
  out << picture;
  if (!picture.ends_with('\n')) out << '\n';
  return kClean;
}

}  // namespace sojourn::app
