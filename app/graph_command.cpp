#include "app/graph_command.h"

#include <ostream>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project.h"
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
  const auto journey = named_journey(*compilation.program, options.journey);
  if (!journey) return could_not_run(journey.error());
  const std::string picture = draw((*journey)->graph, options.format);
  out << picture;
  if (!picture.ends_with('\n')) out << '\n';
  return kClean;
}

}  // namespace sojourn::app
