// Steps that change what the user belongs to: `add to list`, `remove from list`,
// `subscribe to`, `unsubscribe from`.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/known_names.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {
namespace {

std::vector<std::string> types_in(const graph::Catalog& catalog, const graph::SendScope& scope) {
  using Kind = graph::SendScope::Kind;
  if (scope.kind == Kind::kMessageType) return {scope.message_type};
  std::set<std::string> types;
  for (const graph::MessageType& type : catalog.message_types) {
    if (scope.kind == Kind::kMarketing && type.marketing) types.insert(type.name);
  }
  for (const graph::Campaign& campaign : catalog.campaigns) {
    const graph::MessageType* type = catalog.find_message_type(campaign.message_type);
    const bool by_medium = scope.kind == Kind::kMedium && campaign.medium == scope.medium;
    if (by_medium && type != nullptr) types.insert(type->name);
  }
  return {types.begin(), types.end()};
}

// People say yes to one message type after the other, and no to many at once.
std::vector<std::string> types_meant(const World& world, const ast::SubscriptionChange& change,
                                     Report& report) {
  const ast::Name& target = change.target;
  if (change.subscribe) {
    if (!check_message_type_name(world, target, report)) return {};
    return {target.text};
  }
  const auto scope = check_send_scope(world, target, report);
  if (!scope) return {};
  std::vector<std::string> types = types_in(world.catalog, *scope);
  if (types.empty()) {
    report.add(diagnose(messages::kNothingToUnsubscribe, target.span, target.text));
  }
  return types;
}

}  // namespace

void check_list_change(StepContext& context, const StepPlace& place,
                       const ast::ListChange& change) {
  const std::string_view kind = change.add ? "add to list" : "remove from list";
  const std::string identity = context.identify(place.step, place.block, kind);
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  check_list_name(context.world, change.list, context.report);
  context.graph.steps[at].action = graph::ChangeList{change.list.text, change.add, place.next};
}

void check_subscription_change(StepContext& context, const StepPlace& place,
                               const ast::SubscriptionChange& change) {
  const std::string_view kind = change.subscribe ? "subscribe" : "unsubscribe";
  const std::string identity = context.identify(place.step, place.block, kind);
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  context.graph.steps[at].action = graph::ChangeSubscription{
      types_meant(context.world, change, context.report), change.subscribe, place.next};
}

}  // namespace sojourn::dsl
