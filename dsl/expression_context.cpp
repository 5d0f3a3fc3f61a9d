#include "dsl/expression_context.h"

#include <algorithm>
#include <utility>

#include "dsl/types.h"

namespace sojourn::dsl {

const Local* ExpressionContext::find_local(std::string_view name) const {
  const auto found = std::find_if(locals.rbegin(), locals.rend(),
                                  [&](const Local& local) { return local.name == name; });
  return found == locals.rend() ? nullptr : &*found;
}

graph::ExprId ExpressionContext::emit(graph::Expression expression, Span span) {
  graph.expressions.push_back(std::move(expression));
  expression_spans.push_back(span);
  return static_cast<graph::ExprId>(graph.expressions.size() - 1);
}

graph::ExprId ExpressionContext::emit(graph::Op op, std::vector<graph::ExprId> arguments,
                                      Span span) {
  graph::Expression expression;
  expression.op = op;
  expression.arguments = std::move(arguments);
  return emit(std::move(expression), span);
}

graph::ExprId ExpressionContext::emit_constant(graph::Value value, Span span) {
  graph::Expression expression;
  expression.op = graph::Op::kConstant;
  expression.constant = std::move(value);
  return emit(std::move(expression), span);
}

Typed ExpressionContext::poison(Span span) {
  return Typed{type_of(graph::Type::Kind::kAny), emit_constant({}, span), false, {}};
}

bool reads(const graph::Graph& graph, graph::ExprId id, graph::Op op) {
  if (id == graph::kNoExpr) return false;
  // Shared nodes are looked at once.
  std::vector<bool> seen(graph.expressions.size());
  std::vector<graph::ExprId> open{id};
  while (!open.empty()) {
    const graph::ExprId at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const graph::Expression& expression = graph.expressions[at];
    if (expression.op == op) return true;
    open.insert(open.end(), expression.arguments.begin(), expression.arguments.end());
  }
  return false;
}

void note_declared(Diagnostic& diagnostic, const Typed& typed) {
  if (typed.declared) diagnostic.secondary.push_back({*typed.declared, "declared here"});
}

}  // namespace sojourn::dsl
