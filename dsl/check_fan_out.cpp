// `event … for users where user.F == event.G up to N`. The condition has one of two
// forms, so that the users it is true of can be looked up instead of asked one by one.
#include <algorithm>
#include <variant>

#include "dsl/check_declarations.h"
#include "dsl/check_expression.h"

namespace sojourn::dsl {
namespace {

// The field behind the word `root`; null when the expression is something else.
const ast::Name* field_of(const ast::ExprPtr& expr, std::string_view root) {
  const auto* ref = expr ? std::get_if<ast::FieldRef>(&expr->node) : nullptr;
  const auto* name =
      ref != nullptr && ref->object ? std::get_if<ast::NameRef>(&ref->object->node) : nullptr;
  return name != nullptr && name->name.text == root ? &ref->field : nullptr;
}

std::optional<graph::FanOut> read_form(const ast::Expr& condition) {
  const auto* node = std::get_if<ast::Binary>(&condition.node);
  if (node == nullptr) return std::nullopt;
  const bool contains = node->op == ast::BinaryOp::kContains;
  if (!contains && node->op != ast::BinaryOp::kEqual) return std::nullopt;
  const ast::Name* user = field_of(node->left, "user");
  const ast::Name* event = field_of(node->right, "event");
  if (user == nullptr || event == nullptr) return std::nullopt;
  return graph::FanOut{user->text, contains, event->text, 0};
}

}  // namespace

void check_fan_out(const ast::Event& event, World& world, ExpressionContext& context) {
  const auto place = world.events.find(event.name.text);
  if (!event.fan_out || !event.fan_out->condition || place == world.events.end() ||
      place->second != event.name.span) {
    return;
  }
  auto& all = world.catalog.events;
  graph::EventType& declared = *std::ranges::find(all, event.name.text, &graph::EventType::name);
  Scope scope;
  scope.user = true;
  scope.event = true;
  scope.event_type = &declared;
  scope.place = "in `for users`";
  const Typed condition = check_condition(context, scope, *event.fan_out->condition);
  auto rule = read_form(*event.fan_out->condition);
  if (!rule && condition.known) {
    context.report.add(
        diagnose(messages::kFanOutForm, event.fan_out->condition->span)
            .help("write `user.FIELD == event.FIELD` or `user.LIST contains event.FIELD`"));
  }
  if (!rule || !event.fan_out->up_to) return;
  const auto most =
      check_count(context, *event.fan_out->up_to, "the number of users", 1, graph::kMaxFanOut);
  if (most) rule->most = static_cast<std::uint32_t>(*most);
  declared.fan_out = std::move(rule);
}

}  // namespace sojourn::dsl
