#include "app/step_places.h"

#include <fmt/format.h>

#include "dsl/compile.h"
#include "engine/reasons.h"
#include "graph/wording.h"

namespace sojourn::app {

runtime::StepPlaces step_places(const dsl::Compilation& compilation) {
  runtime::StepPlaces places;
  if (!compilation.program) return places;
  const auto text = [&](dsl::Span span) {
    const dsl::SourceFile& file = compilation.files.at(span.file);
    return fmt::format("{}:{}", file.path(), file.position(span.begin).line);
  };
  for (const dsl::CompiledJourney& journey : compilation.program->journeys) {
    const graph::Graph& graph = journey.graph;
    auto& of_journey = places[graph.journey];
    for (std::size_t i = 0; i < journey.step_spans.size(); ++i) {
      of_journey[graph.steps.at(i).identity] = text(journey.step_spans[i]);
    }
    for (std::size_t i = 0; i < journey.exit_spans.size(); ++i) {
      of_journey[engine::bounded(graph::wording(graph, graph.exits.at(i)), engine::kMaxRuleBytes)] =
          text(journey.exit_spans[i]);
    }
  }
  return places;
}

}  // namespace sojourn::app
