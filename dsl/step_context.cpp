#include "dsl/step_context.h"

#include <fmt/core.h>
#include <utility>
#include <variant>

#include "base/check.h"
#include "dsl/narrowing.h"

namespace sojourn::dsl {
namespace {

// Calls `change` on every field of a step that says where to go.
template <typename Change>
struct Targets {
  Change change;

  void operator()(graph::Send& step) const {
    change(step.next);
    change(step.unreachable);
  }
  void operator()(graph::Wait& step) const { change(step.next); }
  void operator()(graph::WaitUntil& step) const {
    change(step.next);
    change(step.past);
    change(step.missing);
  }
  void operator()(graph::WaitUntilTime& step) const { change(step.next); }
  void operator()(graph::WaitFor& step) const {
    for (auto& arm : step.arms) {
      std::visit([&](auto& any_arm) { change(any_arm.next); }, arm);
    }
    change(step.timeout);
  }
  void operator()(graph::Schedule& step) const {
    for (graph::Rung& rung : step.rungs) change(rung.body);
    change(step.next);
    change(step.missing);
  }
  void operator()(graph::Branch& step) const {
    for (graph::ConditionArm& arm : step.arms) change(arm.next);
    change(step.otherwise);
  }
  void operator()(graph::Split& step) const {
    for (graph::SplitArm& arm : step.arms) change(arm.next);
  }
  void operator()(graph::Let& step) const { change(step.next); }
  void operator()(graph::UpdateUser& step) const { change(step.next); }
  void operator()(graph::Track& step) const { change(step.next); }
  void operator()(graph::Collect& step) const { change(step.next); }
  void operator()(graph::Call& step) const {
    change(step.next);
    change(step.otherwise);
  }
  void operator()(graph::Start& step) const { change(step.next); }
  void operator()(graph::ChangeList& step) const { change(step.next); }
  void operator()(graph::ChangeSubscription& step) const { change(step.next); }
  void operator()(graph::Exit&) const {}
  void operator()(graph::Repeat& step) const {
    change(step.body);
    change(step.next);
  }
};

}  // namespace

StepLabel StepContext::new_label() {
  label_steps.push_back(graph::kCompleted);
  return static_cast<StepLabel>(label_steps.size() - 1);
}

graph::StepIndex StepContext::open_step(StepLabel label, std::string identity, Span span) {
  const auto index = static_cast<graph::StepIndex>(graph.steps.size());
  label_steps[label] = index;
  graph::Step step;
  step.identity = std::move(identity);
  graph.steps.push_back(std::move(step));
  step_spans.push_back(span);
  return index;
}

void StepContext::resolve_labels() {
  const auto resolve = [&](StepLabel& target) {
    for (auto alias = label_aliases.find(target); alias != label_aliases.end();
         alias = label_aliases.find(target)) {
      target = alias->second;
    }
    if (target != graph::kCompleted) target = label_steps[target];
  };
  for (graph::Step& step : graph.steps)
    std::visit(Targets<decltype(resolve)>{resolve}, step.action);
  resolve(graph.first);
}

std::string StepContext::identify(const ast::Step& step, BlockName& block, std::string_view kind) {
  if (step.label && *step.label) {
    std::string identity = use_prefix + step.label->text;
    claim_identity(identity, step.label->span);
    return identity;
  }
  const int number = ++block.counts[std::string(kind)];
  std::string identity = fmt::format("{}{} {}", block.prefix, kind, number);
  claim_identity(identity, report.first_line(step.span));
  return identity;
}

std::string StepContext::campaign_of(const ast::Name& name) const {
  if (uses.empty()) return name.text;
  const auto given = uses.back().campaigns.find(name.text);
  return given == uses.back().campaigns.end() ? name.text : given->second;
}

void StepContext::claim_identity(const std::string& identity, Span span) {
  const auto [first, is_new] = identities.emplace(identity, span);
  if (is_new) return;
  report.add(diagnose(messages::kDuplicateStep, span, identity)
                 .note(first->second, "the first one")
                 .help("give one of them another label: `name: …`"));
}

Scope StepContext::scope() const {
  Scope scope = later_scope();
  scope.facts = flow.facts;
  return scope;
}

Scope StepContext::later_scope() const {
  Scope scope;
  scope.user = true;
  scope.entry = true;
  scope.now = true;
  scope.place = "in a step";
  scope.facts = flow.facts;
  forget_user_facts(scope.facts);
  return scope;
}

void StepContext::let_time_pass() {
  forget_user_facts(flow.facts);
}

std::uint32_t StepContext::bind(const ast::Name& name, graph::Type type, bool known) {
  const std::uint32_t slot = graph.local_count++;
  const Local* taken = expressions.find_local(name.text);
  if (taken != nullptr) {
    report.add(diagnose(messages::kDuplicateName, name.span, "the name", name.text)
                   .note(taken->span, "first declared here"));
  }
  const auto constant = world.constants.find(name.text);
  if (constant != world.constants.end()) {
    report.add(diagnose(messages::kDuplicateName, name.span, "the name", name.text)
                   .note(constant->second->name.span, "first declared here"));
  }
  expressions.locals.push_back({name.text, slot, std::move(type), known, name.span});
  return slot;
}

}  // namespace sojourn::dsl
