// `send C with {…} at best time within D again else {…}`. The block of `else` is `IDENTITY.else`.
#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

// The best hour of the day comes within a day.
constexpr base::Millis kDay = base::days24(1);

const graph::Campaign* find_campaign(StepContext& context, const ast::Name& name) {
  const graph::Campaign* campaign = context.world.catalog.find_campaign(context.campaign_of(name));
  if (campaign == nullptr && name) {
    context.report.add(diagnose(messages::kUnknownCampaign, name.span, name.text)
                           .label(suggestion(name.text, names_of(context.world.campaigns))));
  }
  return campaign;
}

std::string identify_send(StepContext& context, const StepPlace& place, const ast::Send& send) {
  if (place.step.label) return context.identify(place.step, place.block, "send");
  const std::string name = context.campaign_of(send.campaign);
  std::string identity = context.use_prefix + name;
  const auto [first, is_new] = context.identities.emplace(identity, send.campaign.span);
  if (!is_new && send.campaign) {
    context.report.add(diagnose(messages::kUnlabelledSend, send.campaign.span, name)
                           .note(first->second, "this one goes by the name of the campaign")
                           .help(fmt::format("write `another_name: send {}`", name)));
  }
  return identity;
}

void check_message_type(StepContext& context, const graph::Campaign& campaign, Span span) {
  const auto deprecated = context.world.deprecated.find(campaign.message_type);
  if (deprecated != context.world.deprecated.end()) {
    const ast::StringText& why = *deprecated->second;
    context.report.add(
        diagnose(messages::kDeprecatedMessageType, span, campaign.name, campaign.message_type)
            .note(why.span, why.text));
  }
  const auto& forbidden = context.world.policy.forbidden;
  const auto found = forbidden.find(campaign.message_type);
  if (found != forbidden.end()) {
    context.report.add(
        diagnose(messages::kForbiddenMessageType, span, campaign.name, campaign.message_type)
            .note(found->second->why.span, found->second->why.text));
  }
}

void check_first_time(StepContext& context, const ast::Send& send, const std::string& campaign) {
  const auto earlier = context.flow.sent.find(campaign);
  if (send.again || earlier == context.flow.sent.end()) return;
  context.report.add(diagnose(messages::kRepeatedSend, send.campaign.span, campaign)
                         .note(earlier->second, "it may have been sent here")
                         .help("write `again` if that is meant"));
}

graph::ExprId check_before(StepContext& context, const ast::Expr& before) {
  const Typed t = check_value(context.expressions, context.scope(), before, "`before`");
  need_type(context.expressions, t, before.span, type_of(graph::Type::Kind::kTimestamp));
  return t.id;
}

}  // namespace

void check_send(StepContext& context, const StepPlace& place, const ast::Send& send) {
  const std::string identity = identify_send(context, place, send);
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Send action;
  action.campaign = context.campaign_of(send.campaign);
  action.again = send.again.has_value();
  action.deadline = context.world.catalog.sending.deadline;
  action.next = place.next;
  if (send.before) action.before = check_before(context, *send.before);
  if (send.within) {
    const auto within = check_elapsed(context.expressions, *send.within, "`within`");
    if (within) action.deadline = *within;
    if (within && send.at_best_time) action.best_time = std::min(*within, kDay);
  } else if (send.at_best_time) {
    action.best_time = kDay;
  }
  const graph::Campaign* campaign = find_campaign(context, send.campaign);
  if (campaign == nullptr) {
    context.all_campaigns_known = false;
  } else {
    for (const graph::TypedField& field : campaign->data) context.named_data.insert(field.name);
    check_message_type(context, *campaign, send.campaign.span);
    check_first_time(context, send, action.campaign);
    context.sends.push_back({action.campaign, send.campaign.span, action.again});
    action.data = check_contract(context, send.with ? &*send.with : nullptr, context.data,
                                 campaign->data, "campaign", campaign->name, place.step.span);
  }
  context.let_time_pass();
  const Flow not_sent = context.flow;
  context.flow.sent.emplace(action.campaign, send.campaign.span);
  const Flow sent = context.flow;
  action.unreachable = place.next;
  if (send.otherwise) {
    context.flow = not_sent;
    action.unreachable = check_block(context, *send.otherwise, identity + ".else.", place.next);
    Ways ways;
    ways.add(sent);
    ways.add(context.flow);
    context.flow = ways.joined();
  }
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
