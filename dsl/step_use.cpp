// `use FRAGMENT(…)`: the fragment's steps, put in where it is used, with its
// parameters standing for what they are given. An unlabelled use goes by the name
// of its fragment; every step inside is called `USE.…`.
#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

// A fragment may use others, which double the steps with every level.
constexpr std::size_t kMaxNestedUses = 16;

const Fragment* find_fragment(StepContext& context, const ast::Name& name) {
  const auto& fragments = context.world.fragments;
  const auto found = fragments.find(name.text);
  if (found != fragments.end()) return found->second.known ? &found->second : nullptr;
  if (name) {
    context.report.add(diagnose(messages::kUnknownFragment, name.span, name.text)
                           .label(suggestion(name.text, names_of(fragments))));
  }
  return nullptr;
}

std::string identify_use(StepContext& context, const StepPlace& place, const ast::Use& use) {
  if (place.step.label) return context.identify(place.step, place.block, "use");
  std::string identity = context.use_prefix + use.fragment.text;
  context.claim_identity(identity, use.fragment.span);
  return identity;
}

bool may_open(StepContext& context, const Fragment& fragment, const ast::Use& use) {
  const ast::Name& name = use.fragment;
  if (std::ranges::find(context.uses, fragment.node, &OpenUse::fragment) != context.uses.end()) {
    context.report.add(diagnose(messages::kFragmentCycle, name.span, name.text));
    return false;
  }
  if (context.uses.size() < kMaxNestedUses && context.graph.steps.size() <= graph::kMaxSteps) {
    return true;
  }
  context.report.add(diagnose(messages::kTooMany, name.span, "fragments within fragments",
                              static_cast<std::int64_t>(kMaxNestedUses)));
  return false;
}

// The campaign that an argument names; empty when it names none (reported).
std::string check_campaign(StepContext& context, const ast::Expr& argument) {
  const auto* ref = std::get_if<ast::NameRef>(&argument.node);
  if (ref == nullptr) {
    context.report.add(diagnose(messages::kTypeMismatch, argument.span, "the name of a campaign",
                                context.report.words(argument.span, "a value")));
    return {};
  }
  std::string name = context.campaign_of(ref->name);
  if (context.world.catalog.find_campaign(name) != nullptr) return name;
  if (ref->name) {
    context.report.add(diagnose(messages::kUnknownCampaign, argument.span, name)
                           .label(suggestion(name, names_of(context.world.campaigns))));
  }
  return {};
}

Typed check_argument(StepContext& context, const FragmentParameter& parameter,
                     const ast::Expr& argument) {
  Scope scope;
  scope.place = "in an argument";
  Typed typed =
      check_value(context.expressions, scope, argument, fmt::format("`{}`", parameter.name.text));
  typed.known = typed.known && need_type(context.expressions, typed, argument.span, parameter.type);
  typed.type = parameter.type;
  return typed;
}

// What the parameters stand for; none when an argument is wrong.
struct Arguments {
  std::map<std::string, std::string, std::less<>> campaigns;
  std::map<std::string, Typed, std::less<>> values;
};
std::optional<Arguments> check_arguments(StepContext& context, const Fragment& fragment,
                                         const ast::Use& use, Span step) {
  const std::size_t wanted = fragment.parameters.size();
  if (use.arguments.size() != wanted) {
    if (!context.report.has_syntax_fault(step)) {
      context.report.add(diagnose(messages::kArgumentCount, use.fragment.span, use.fragment.text,
                                  wanted == 1 ? "1 argument" : fmt::format("{} arguments", wanted))
                             .note(fragment.node->name.span, "declared here"));
    }
    return std::nullopt;
  }
  Arguments out;
  bool known = true;
  for (std::size_t i = 0; i < wanted; ++i) {
    const FragmentParameter& parameter = fragment.parameters[i];
    if (!use.arguments[i]) return std::nullopt;
    if (parameter.is_campaign) {
      std::string campaign = check_campaign(context, *use.arguments[i]);
      known = known && !campaign.empty();
      out.campaigns.emplace(parameter.name.text, std::move(campaign));
    } else {
      const Typed value = check_argument(context, parameter, *use.arguments[i]);
      known = known && value.known;
      out.values.emplace(parameter.name.text, value);
    }
  }
  if (!known) return std::nullopt;
  return out;
}

// Inside a fragment nothing is visible that its user has bound.
StepLabel put_in(StepContext& context, const Fragment& fragment, Arguments arguments, Span use,
                 std::string prefix, StepLabel next) {
  ExpressionContext& expressions = context.expressions;
  auto locals = std::exchange(expressions.locals, {});
  auto parameters = std::exchange(expressions.parameters, std::move(arguments.values));
  const std::string outer = std::exchange(context.use_prefix, prefix);
  auto campaigns = std::exchange(expressions.campaigns, arguments.campaigns);
  context.uses.push_back({fragment.node, std::move(arguments.campaigns)});
  context.report.enter_use(use);
  const StepLabel first = check_block(context, fragment.node->block, std::move(prefix), next);
  context.report.leave_use();
  context.uses.pop_back();
  context.use_prefix = outer;
  expressions.campaigns = std::move(campaigns);
  expressions.parameters = std::move(parameters);
  expressions.locals = std::move(locals);
  return first;
}

}  // namespace

void check_use(StepContext& context, const StepPlace& place, const ast::Use& use) {
  const Fragment* fragment = find_fragment(context, use.fragment);
  const std::string identity = identify_use(context, place, use);
  context.label_leads_to(place.label, place.next);
  if (fragment == nullptr || !may_open(context, *fragment, use)) return;
  auto arguments = check_arguments(context, *fragment, use, place.step.span);
  if (!arguments) return;
  const Span where = context.report.first_line(place.step.span);
  context.label_leads_to(place.label, put_in(context, *fragment, std::move(*arguments), where,
                                             identity + ".", place.next));
}

}  // namespace sojourn::dsl
