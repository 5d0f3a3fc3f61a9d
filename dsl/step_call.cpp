// `call WEBHOOK [with {…}] [as reply] up to D [{…}] [else {…}]`. Its blocks are
// `IDENTITY.then` and `IDENTITY.else`.
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

const graph::Webhook* find_webhook(StepContext& context, const ast::Name& name) {
  const graph::Webhook* webhook = context.world.catalog.find_webhook(name.text);
  if (webhook == nullptr && name) {
    context.report.add(diagnose(messages::kUnknownWebhook, name.span, name.text)
                           .label(suggestion(name.text, names_of(context.world.webhooks))));
  }
  return webhook;
}

// A webhook declares what it returns, not what it takes, so any names go.
graph::ExprId check_data(StepContext& context, const ast::Map& map) {
  graph::Expression object;
  object.op = graph::Op::kObject;
  Places places;
  for (const ast::MapEntry& entry : map.entries) {
    if (!entry.key || !entry.value) continue;
    const auto [first, is_new] = places.emplace(entry.key.text, entry.key.span);
    if (!is_new) {
      context.report.add(diagnose(messages::kDuplicateKey, entry.key.span, entry.key.text)
                             .note(first->second, "first given here"));
      continue;
    }
    const Typed typed = check_value(context.expressions, context.scope(), *entry.value,
                                    fmt::format("`{}`", entry.key.text));
    object.names.push_back(entry.key.text);
    object.arguments.push_back(typed.id);
  }
  return context.expressions.emit(std::move(object), map.span);
}

graph::Type reply_type(const graph::Webhook& webhook) {
  graph::Type type = type_of(Kind::kObject);
  type.fields = webhook.returns;
  return as_optional(std::move(type));
}

}  // namespace

void check_call(StepContext& context, const StepPlace& place, const ast::CallWebhook& call) {
  const std::string identity = context.identify(place.step, place.block, "call");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  const graph::Webhook* webhook = find_webhook(context, call.webhook);
  graph::Call action;
  action.webhook = call.webhook.text;
  action.next = action.otherwise = place.next;
  if (call.with) action.fields = check_data(context, *call.with);
  if (call.up_to) {
    const auto up_to = check_elapsed(context.expressions, *call.up_to, "`up to`");
    action.up_to = up_to.value_or(base::Millis{});
  }
  context.let_time_pass();
  Flow answered = context.flow;
  if (call.binding && *call.binding) {
    graph::Type type = webhook != nullptr ? reply_type(*webhook) : type_of(Kind::kAny);
    action.bind = context.bind(*call.binding, std::move(type), webhook != nullptr);
    answered.facts.insert(fmt::format("#{}", *action.bind));
  }
  Ways ways;
  const Flow failed = std::exchange(context.flow, std::move(answered));
  if (call.then_block) {
    action.next = check_block(context, *call.then_block, identity + ".then.", place.next);
  }
  ways.add(std::exchange(context.flow, failed));
  if (call.otherwise) {
    action.otherwise = check_block(context, *call.otherwise, identity + ".else.", place.next);
  }
  ways.add(context.flow);
  context.flow = ways.joined();
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
