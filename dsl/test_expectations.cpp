// Names in `test` blocks: those of the journey under test, with what was probably
// meant instead.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <map>
#include <variant>

#include "dsl/check_expression.h"
#include "dsl/exit_reasons.h"
#include "dsl/known_names.h"
#include "dsl/step_context.h"
#include "dsl/test_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Names = std::vector<std::string_view>;

// Why a message is not sent (language 10).
constexpr std::array<std::string_view, 10> kSkipReasons{
    "no_address", "no_consent", "suppressed", "once", "repeated",
    "holdout",    "capped",     "quiet",      "late", "refused"};
constexpr std::string_view kHoldout = "holdout";

bool contains(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Names sent_campaigns(const graph::Graph& graph) {
  Names campaigns;
  for (const graph::Step& step : graph.steps) {
    const auto* send = std::get_if<graph::Send>(&step.action);
    if (send != nullptr) campaigns.push_back(send->campaign);
  }
  return campaigns;
}

const graph::Campaign* check_campaign_name(TestContext& context, const ast::Name& name) {
  const graph::Campaign* campaign = context.world.catalog.find_campaign(name.text);
  if (campaign == nullptr && name) {
    context.report.add(diagnose(messages::kUnknownCampaign, name.span, name.text)
                           .label(suggestion(name.text, names_of(context.world.campaigns))));
  }
  return campaign;
}

// The campaign, which the journey of that name must send; null when it is unknown.
const graph::Campaign* check_sent(TestContext& context, const ast::Name& name,
                                  std::string_view journey) {
  const graph::Campaign* campaign = check_campaign_name(context, name);
  if (campaign == nullptr) return nullptr;
  const auto sound = context.journeys.find(journey);
  if (sound == context.journeys.end()) return campaign;
  const Names sent = sent_campaigns(sound->second->graph);
  if (!contains(sent, name.text)) {
    context.report.add(diagnose(messages::kNeverSent, name.span, journey, name.text)
                           .label(suggestion(name.text, sent)));
  }
  return campaign;
}

}  // namespace

TestAction check_expectation(TestContext& context, const ast::ExpectSend& line) {
  ExpectSend out{line.campaign.text, {}, context.plan.journey};
  if (line.from_journey) {
    if (!check_journey_name(context.world, line.from_journey, context.report)) return out;
    out.journey = line.from_journey.text;
  }
  const graph::Campaign* campaign = check_sent(context, line.campaign, out.journey);
  if (campaign != nullptr && line.data) {
    out.data = check_test_data(context, &*line.data, campaign->data, "campaign", campaign->name,
                               false, line.data->span);
  }
  return out;
}

TestAction check_expectation(TestContext& context, const ast::ExpectSkip& line) {
  check_sent(context, line.campaign, context.plan.journey);
  if (line.reason && std::ranges::find(kSkipReasons, line.reason.text) == kSkipReasons.end()) {
    context.report.add(
        diagnose(messages::kUnknownSkipReason, line.reason.span, line.reason.text)
            .label(suggestion(line.reason.text, {kSkipReasons.begin(), kSkipReasons.end()})));
  }
  return ExpectSkip{line.campaign.text, line.reason.text};
}

TestAction check_expectation(TestContext& context, const ast::ExpectUpdate& line) {
  return ExpectUpdate{check_test_profile(context, line.fields)};
}

TestAction check_expectation(TestContext& context, const ast::ExpectTrack& line) {
  ExpectTrack out{line.event.text, {}};
  const graph::EventType* event = find_event(context.world, line.event, context.report);
  if (event != nullptr && line.fields) {
    out.fields = check_test_data(context, &*line.fields, event->fields, "event", event->name, false,
                                 line.fields->span);
  }
  return out;
}

TestAction check_expectation(TestContext& context, const ast::ExpectAt& line) {
  if (context.journey == nullptr || line.step.text.empty()) return ExpectAt{line.step.text};
  const std::vector<graph::Step>& steps = context.journey->graph.steps;
  const auto step = std::ranges::find(steps, line.step.text, &graph::Step::identity);
  if (step == steps.end()) {
    Names known;
    for (const graph::Step& each : steps) known.emplace_back(each.identity);
    context.report.add(diagnose(messages::kUnknownStep, line.step.span, line.step.text)
                           .label(suggestion(line.step.text, known)));
  } else if (!graph::is_resting_place(*step)) {
    context.report.add(diagnose(messages::kNeverAt, line.step.span, line.step.text)
                           .help("name a wait, a schedule or a send"));
  }
  return ExpectAt{line.step.text};
}

TestAction check_expectation(TestContext& context, const ast::ExpectExit& line) {
  if (line.reason && context.journey != nullptr) {
    const Names known = exit_reasons(context.journey->graph);
    if (!contains(known, line.reason.text)) {
      context.report.add(diagnose(messages::kUnknownExitReason, line.reason.span,
                                  context.plan.journey, line.reason.text)
                             .label(suggestion(line.reason.text, known)));
    }
  }
  return ExpectExit{line.reason.text};
}

TestAction check_expectation(TestContext& context, const ast::ExpectGoal& line) {
  if (line.goal && context.journey != nullptr) {
    Names known;
    for (const graph::Goal& goal : context.journey->graph.goals) known.emplace_back(goal.name);
    if (!contains(known, line.goal.text)) {
      context.report.add(
          diagnose(messages::kUnknownGoal, line.goal.span, context.plan.journey, line.goal.text)
              .label(suggestion(line.goal.text, known)));
    }
  }
  return ExpectGoal{line.goal.text};
}

TestAction check_expectation(TestContext& context, const ast::ExpectIn& line) {
  check_journey_name(context.world, line.journey, context.report);
  return ExpectIn{line.negated, line.journey.text};
}

TestAction check_always(TestContext& context, const ast::AlwaysAtMost& line) {
  AlwaysAtMost out;
  if (line.count) {
    const auto count = check_literal(context.expressions, *line.count, graph::Type::Kind::kInteger,
                                     "how many sends");
    if (count) out.sends = count->as_integer();
    if (out.sends < 0) {
      context.report.add(
          diagnose(messages::kOutOfRange, line.count->span, "how many sends", "0 or more"));
    }
  }
  if (line.per) out.per = check_elapsed(context.expressions, *line.per, "`per`").value_or(out.per);
  return out;
}

TestAction check_always(TestContext& context, const ast::AlwaysNotSend& line) {
  check_sent(context, line.campaign, context.plan.journey);
  return AlwaysNotSend{line.campaign.text};
}

namespace {

// What `assign` can name, with its arms: the splits, and what somebody can be held out
// by, the journey under test and the holdouts of the policy.
std::map<std::string_view, Names> assignable(const TestContext& context) {
  std::map<std::string_view, Names> out;
  const graph::Graph& graph = context.journey->graph;
  for (const graph::Step& step : graph.steps) {
    const auto* split = std::get_if<graph::Split>(&step.action);
    if (split == nullptr) continue;
    Names& arms = out[split->name];
    for (const graph::SplitArm& arm : split->arms) arms.emplace_back(arm.name);
  }
  if (graph.holdout > 0) out.try_emplace(graph.journey, Names{kHoldout});
  for (const graph::GlobalHoldout& holdout : context.world.catalog.sending.holdouts) {
    out.try_emplace(holdout.name, Names{kHoldout});
  }
  return out;
}

}  // namespace

// Another journey may have sent it.
TestAction check_engages(TestContext& context, const ast::EngagementLine& line) {
  check_campaign_name(context, line.campaign);
  // In one order in both.
  return Engages{static_cast<graph::Engagement>(line.verb), line.campaign.text};
}

TestAction check_assigned_arm(TestContext& context, const ast::AssignLine& line) {
  GivenArm out{line.split.text, line.arm.text};
  if (context.journey == nullptr || !line.split) return out;
  const auto known = assignable(context);
  const auto split = known.find(line.split.text);
  if (split == known.end()) {
    context.report.add(diagnose(messages::kUnknownSplit, line.split.span, line.split.text)
                           .label(suggestion(line.split.text, names_of(known))));
  } else if (line.arm && !contains(split->second, line.arm.text)) {
    context.report.add(
        diagnose(messages::kUnknownArm, line.arm.span, line.split.text, line.arm.text)
            .label(suggestion(line.arm.text, split->second)));
  }
  return out;
}

}  // namespace sojourn::dsl
