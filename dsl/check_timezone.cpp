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

constexpr const char* kTimeZoneField = "timeZone";

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

std::vector<graph::ExprId> check_chain(const ast::Expr& chain, ExpressionContext& context) {
  std::vector<const ast::Expr*> links;
  add_links(chain, links);
  std::vector<graph::ExprId> out;
  for (const ast::Expr* link : links) {
    const Typed typed = check_link(*link, context);
    out.push_back(typed.id);
    const bool is_literal = context.graph.expressions[typed.id].op == graph::Op::kConstant;
    if (link == links.back() && typed.known && !is_literal) {
      context.report.add(diagnose(messages::kTimezoneNotLiteral, link->span)
                             .help("end the chain with `default \"Europe/Berlin\"`, say"));
    }
  }
  return out;
}

bool is_the_persons(const graph::Graph& graph, graph::ExprId link) {
  const graph::Expression& node = graph.expressions[link];
  return node.op == graph::Op::kUserField && node.name == kTimeZoneField;
}

// Without a policy that says where people are: what their profile says.
std::vector<graph::ExprId> from_profile(const ast::Expr& journey, ExpressionContext& context) {
  const std::vector<graph::ExprId>& own = context.graph.zone_chain;
  if (is_the_persons(context.graph, own.front())) return {};
  graph::Expression zone;
  zone.op = graph::Op::kUserField;
  zone.name = kTimeZoneField;
  std::vector<graph::ExprId> out{context.emit(std::move(zone), journey.span)};
  out.insert(out.end(), own.begin(), own.end());
  return out;
}

}  // namespace

void check_timezones(const ast::Expr* journey, const ast::Expr* policy,
                     ExpressionContext& context) {
  context.graph.zone_chain = check_chain(journey != nullptr ? *journey : *policy, context);
  if (journey == nullptr) return;
  context.graph.person_zone_chain =
      policy != nullptr ? check_chain(*policy, context) : from_profile(*journey, context);
}

}  // namespace sojourn::dsl
