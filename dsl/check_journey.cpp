#include "dsl/check_journey.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_clauses.h"
#include "dsl/check_declarations.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {
namespace {

// More than any journey that a person can read; keeps what follows bounded.
constexpr std::size_t kMaxSteps = 10'000;

void check_references(const StepContext& context) {
  std::vector<std::string_view> known;
  for (const auto& [identity, span] : context.identities) known.emplace_back(identity);
  for (const ast::StepRef& reference : context.references) {
    if (reference.text.empty() || context.identities.contains(reference.text)) continue;
    context.report.add(diagnose(messages::kUnknownStep, reference.span, reference.text)
                           .label(suggestion(reference.text, known)));
  }
}

void check_body(const ast::Journey& journey, const ast::Map* data, ExpressionContext& expressions,
                CompiledJourney& out) {
  StepContext context{.expressions = expressions,
                      .graph = out.graph,
                      .step_spans = out.step_spans,
                      .world = expressions.world,
                      .report = expressions.report,
                      .data = data,
                      .flow = {.reachable = true, .facts = expressions.entry.facts, .sent = {}},
                      .identities = {},
                      .references = {},
                      .label_steps = {}};
  out.graph.first = check_block(context, journey.block, {}, graph::kCompleted);
  context.resolve_labels();
  check_references(context);
  if (out.graph.steps.size() > kMaxSteps) {
    context.report.add(diagnose(messages::kTooMany, journey.name.span, "steps of a journey",
                                static_cast<std::int64_t>(kMaxSteps)));
  }
}

}  // namespace

CompiledJourney check_journey(const ast::Declaration& declaration, const World& world,
                              calendar::ZoneSource& zones, Report& report) {
  const auto& journey = std::get<ast::Journey>(declaration.node);
  CompiledJourney out;
  out.docs = declaration.docs;
  out.name = journey.name.span;
  out.graph.journey = journey.name.text;
  if (journey.title) out.graph.title = journey.title->text;
  ExpressionContext expressions{.world = world,
                                .report = report,
                                .zones = zones,
                                .graph = out.graph,
                                .expression_spans = out.expression_spans,
                                .entry = {},
                                .locals = {},
                                .constants = {},
                                .constants_in_progress = {}};
  const ast::Map* data = check_clauses(declaration, expressions);
  check_body(journey, data, expressions, out);
  return out;
}

}  // namespace sojourn::dsl
