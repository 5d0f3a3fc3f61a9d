// `timezone user.timeZone default "Europe/Berlin"`: each link names a zone; the last
// is a literal, so that there always is one.
#include <utility>
#include <variant>

#include "calendar/zone.h"
#include "dsl/check_clauses.h"
#include "dsl/check_expression.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

void add_links(const ast::Expr& chain, std::vector<const ast::Expr*>& links) {
  const auto* binary = std::get_if<ast::Binary>(&chain.node);
  if (binary == nullptr || binary->op != ast::BinaryOp::kDefault) {
    links.push_back(&chain);
    return;
  }
  if (binary->left) add_links(*binary->left, links);
  if (binary->right) add_links(*binary->right, links);
}

Typed check_link(const ast::Expr& link, ExpressionContext& context) {
  Scope scope;
  scope.user = true;
  scope.entry = true;
  scope.place = "in a timezone chain";
  Typed typed = check_expression(context, scope, link);
  if (!typed.known) return typed;
  if (!is_text(typed.type)) {
    context.report.add(
        diagnose(messages::kTypeMismatch, link.span, "`timezone`", quoted(typed.type)));
    typed.known = false;
    return typed;
  }
  const graph::Expression& node = context.graph.expressions[typed.id];
  if (node.op != graph::Op::kConstant) return typed;
  const std::string& name = node.constant.as_string();
  if (context.zones.find(name) == nullptr) {
    context.report.add(diagnose(messages::kUnknownZone, link.span, name)
                           .help("zones go by their IANA names, such as `Europe/Berlin`"));
    typed.known = false;
  }
  return typed;
}

}  // namespace

void check_timezone(const ast::Expr& chain, ExpressionContext& context) {
  std::vector<const ast::Expr*> links;
  add_links(chain, links);
  for (const ast::Expr* link : links) {
    const Typed typed = check_link(*link, context);
    context.graph.zone_chain.push_back(typed.id);
    const bool is_literal = context.graph.expressions[typed.id].op == graph::Op::kConstant;
    if (link == links.back() && typed.known && !is_literal) {
      context.report.add(diagnose(messages::kTimezoneNotLiteral, link->span)
                             .help("end the chain with `default \"Europe/Berlin\"`, say"));
    }
  }
}

}  // namespace sojourn::dsl
