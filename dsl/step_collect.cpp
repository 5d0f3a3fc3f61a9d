// `collect EVENT [where …] as NAME for D [keep N]`.
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

constexpr std::uint32_t kUsuallyKept = 20;

// The list, and behind it the count.
std::uint32_t bind_list(StepContext& context, const ast::Name& name,
                        const graph::EventType* event) {
  graph::Type element =
      event != nullptr ? event_object_type(*event) : type_of(graph::Type::Kind::kAny);
  const std::uint32_t slot =
      context.bind(name, list_of(as_optional(std::move(element), false)), event != nullptr);
  context.expressions.locals.back().count_slot = context.graph.local_count++;
  return slot;
}

}  // namespace

void check_collect(StepContext& context, const StepPlace& place, const ast::Collect& collect) {
  const std::string identity = context.identify(place.step, place.block, "collect");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  const graph::EventType* event = check_trigger(context.world, collect.trigger, context.report);
  graph::Collect action;
  action.event = name_of(collect.trigger);
  action.next = place.next;
  action.keep = kUsuallyKept;
  if (event != nullptr) {
    for (const graph::TypedField& field : event->fields) action.fields.push_back(field.name);
  }
  action.where = check_trigger_condition(context.expressions, context.later_scope(),
                                         collect.trigger, event, MessagesMeant::kOfEnrollment);
  if (collect.duration) {
    const auto length = check_elapsed(context.expressions, *collect.duration, "`for`");
    action.length = length.value_or(base::Millis{});
  }
  if (collect.keep) {
    const auto keep = check_count(context.expressions, *collect.keep,
                                  "the number of events to keep", 1, graph::kMaxCollected);
    if (keep) action.keep = static_cast<std::uint32_t>(*keep);
  }
  action.slot = bind_list(context, collect.binding, event);
  context.let_time_pass();
  context.flow.waited |= action.length > base::Millis{};
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
