#include "dsl/check_journey.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_asserts.h"
#include "dsl/check_clauses.h"
#include "dsl/check_declarations.h"
#include "dsl/check_edit_rules.h"
#include "dsl/step_context.h"
#include "graph/operation.h"
#include "graph/verify.h"
#include "proof/target.h"

namespace sojourn::dsl {
namespace {

void check_references(const StepContext& context) {
  std::vector<std::string_view> known;
  known.reserve(context.identities.size());
  for (const auto& [identity, span] : context.identities) known.emplace_back(identity);
  for (const ast::StepRef& reference : context.references) {
    if (reference.text.empty() || context.identities.contains(reference.text)) continue;
    context.report.add(diagnose(messages::kUnknownStep, reference.span, reference.text)
                           .label(suggestion(reference.text, known)));
  }
}

// `opened NAME`: a send step of this journey, where the catalog has nothing so called.
void check_send_references(const StepContext& context) {
  std::vector<std::string_view> known = proof::target_names(context.world.catalog);
  for (const graph::Step& step : context.graph.steps) {
    if (std::holds_alternative<graph::Send>(step.action)) known.emplace_back(step.identity);
  }
  for (const ast::StepRef& reference : context.expressions.send_references) {
    if (std::ranges::find(known, reference.text) != known.end()) continue;
    context.report.add(diagnose(messages::kUnknownTarget, reference.span, reference.text)
                           .label(suggestion(reference.text, known)));
  }
}

// A name in `data` that no campaign asks for is a slip.
void check_data_names(const StepContext& context) {
  if (context.data == nullptr || !context.all_campaigns_known) return;
  std::vector<std::string_view> known(context.named_data.begin(), context.named_data.end());
  for (const ast::MapEntry& entry : context.data->entries) {
    if (!entry.key || context.named_data.contains(entry.key.text)) continue;
    context.report.add(diagnose(messages::kUnknownField, entry.key.span,
                                "the data of the campaigns that this journey sends", entry.key.text)
                           .label(suggestion(entry.key.text, known)));
  }
}

void check_limit(std::size_t size, std::size_t limit, std::string_view what, Span place,
                 Report& report) {
  if (size <= limit) return;
  report.add(diagnose(messages::kTooMany, place, what, static_cast<std::int64_t>(limit)));
}

// The verifier's limits, said to the author. How deep an expression is and how much
// work it takes follow from its arguments'.
void check_limits(Span name, const CompiledJourney& out, Report& report) {
  check_limit(out.graph.steps.size(), graph::kMaxSteps, "steps of a journey", name, report);
  check_limit(out.graph.expressions.size(), graph::kMaxExpressions, "parts of expressions", name,
              report);
  std::vector<std::size_t> depths;
  std::vector<std::uint64_t> works;
  graph::QuestionDepths questions;
  for (const graph::Expression& expression : out.graph.expressions) {
    std::size_t depth = 1;
    std::uint64_t work = 1;
    for (const graph::ExprId argument : expression.arguments) {
      depth = std::max(depth, depths[argument] + 1);
      work = std::min(work + works[argument], graph::kMaxExpressionWork + 1);
    }
    const Span place = out.expression_spans[depths.size()];
    if (depth == graph::kMaxExpressionDepth + 1) {
      check_limit(depth, graph::kMaxExpressionDepth, "levels of nesting", place, report);
    }
    if (work > graph::kMaxExpressionWork && !report.has(messages::kTooMany.id)) {
      check_limit(work, graph::kMaxExpressionWork, "operations of an expression", place, report);
    }
    questions.add(expression);
    if (questions.depth.back() == graph::kMaxQuestionDepth + 1) {
      check_limit(questions.depth.back(), graph::kMaxQuestionDepth, "questions inside one another",
                  place, report);
    }
    depths.push_back(depth);
    works.push_back(work);
  }
}

void check_body(const ast::Journey& journey, const ast::Map* data, ExpressionContext& expressions,
                CompiledJourney& out) {
  StepContext context{.expressions = expressions,
                      .graph = out.graph,
                      .step_spans = out.step_spans,
                      .exhaustive = out.exhaustive,
                      .world = expressions.world,
                      .report = expressions.report,
                      .data = data,
                      .data_values = {},
                      .named_data = {},
                      .all_campaigns_known = true,
                      .flow = {.reachable = true, .facts = expressions.entry.facts, .sent = {}},
                      .sends = {},
                      .uses = {},
                      .use_prefix = {},
                      .identities = {},
                      .references = {},
                      .label_steps = {},
                      .label_aliases = {}};
  out.graph.first = check_block(context, journey.block, {}, graph::kCompleted);
  context.resolve_labels();
  out.asserts = check_asserts(journey, context);
  out.edit_rules = check_edit_rules(journey, context);
  const auto& asked = expressions.step_references;
  context.references.insert(context.references.end(), asked.begin(), asked.end());
  std::ranges::sort(out.exhaustive);
  check_references(context);
  check_send_references(context);
  check_data_names(context);
  check_limits(journey.name.span, out, context.report);
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
  ExpressionContext expressions(world, report, zones, out.graph, out.expression_spans);
  const ast::Map* data = check_clauses(declaration, expressions, out);
  check_body(journey, data, expressions, out);
  out.exit_references = std::move(expressions.exit_references);
  return out;
}

}  // namespace sojourn::dsl
