// `wait for EVENT|CONDITION up to D {…} timeout {…}` and `wait up to D { on … when
// … timeout … }`. Their blocks are `IDENTITY.then`, `IDENTITY.on E`,
// `IDENTITY.when N` and `IDENTITY.timeout`.
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/engagement.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

void check_since(StepContext& context, const std::optional<ast::Since>& since,
                 graph::EventArm& arm) {
  if (!since) return;
  switch (since->kind) {
    case ast::Since::Kind::kEntry:
      arm.since = graph::Since::kEntry;
      return;
    case ast::Since::Kind::kHere:
      arm.since = graph::Since::kHere;
      return;
    case ast::Since::Kind::kStep:
      arm.since = graph::Since::kStep;
      context.references.push_back(since->step);
      context.references.back().text.insert(0, context.use_prefix);
      arm.since_step = context.references.back().text;
      return;
  }
}

// A wait while its arms are checked. Each way out starts from the flow after the
// wait, and all lead to what follows it.
class Waiting {
 public:
  Waiting(StepContext& context, const StepPlace& place)
      : context_(context),
        place_(place),
        identity_(context.identify(place.step, place.block, "wait for")),
        at_(context.open_step(place.label, identity_, place.step.span)) {
    action_.timeout = place.next;
  }

  void up_to(const ast::ExprPtr& up_to) {
    if (!up_to) return;
    const auto elapsed = check_elapsed(context_.expressions, *up_to, "`up to`");
    action_.up_to = elapsed.value_or(base::Millis{});
  }
  void on_event(const ast::Trigger& trigger, const std::optional<ast::Name>& binding,
                const std::optional<ast::Since>& since, const ast::Block* block,
                std::string_view block_name);
  void on_condition(const ast::ExprPtr& condition, const ast::Block* block,
                    std::string_view block_name);
  void on_timeout(const ast::Block* block);
  void finish();

 private:
  // `waited`: time has passed on this way, or something happened that never will again.
  StepLabel way_out(const ast::Block* block, std::string_view block_name, Facts facts, bool waited);

  StepContext& context_;
  const StepPlace& place_;
  std::string identity_;
  graph::StepIndex at_;
  graph::WaitFor action_;
  Ways ways_;
};

StepLabel Waiting::way_out(const ast::Block* block, std::string_view block_name, Facts facts,
                           bool waited) {
  const Flow before = context_.flow;
  context_.let_time_pass();
  context_.flow.facts.merge(facts);
  context_.flow.waited |= waited;
  StepLabel first = place_.next;
  if (block != nullptr) {
    first =
        check_block(context_, *block, fmt::format("{}.{}.", identity_, block_name), place_.next);
  }
  ways_.add(context_.flow);
  context_.flow = before;
  return first;
}

void Waiting::on_event(const ast::Trigger& trigger, const std::optional<ast::Name>& binding,
                       const std::optional<ast::Since>& since, const ast::Block* block,
                       std::string_view block_name) {
  const graph::EventType* event = check_trigger(context_.world, trigger, context_.report);
  graph::EventArm arm;
  arm.event = name_of(trigger);
  arm.where = check_trigger_condition(context_.expressions, context_.later_scope(), trigger, event,
                                      MessagesMeant::kLatest);
  check_since(context_, since, arm);
  Facts facts;
  if (binding && *binding) {
    graph::Type type = event != nullptr ? event_object_type(*event) : type_of(Kind::kAny);
    arm.bind = context_.bind(*binding, std::move(type), event != nullptr);
    facts.insert(fmt::format("#{}", *arm.bind));
  }
  arm.next = way_out(block, block_name, std::move(facts), true);
  action_.arms.emplace_back(std::move(arm));
}

void Waiting::on_condition(const ast::ExprPtr& condition, const ast::Block* block,
                           std::string_view block_name) {
  graph::ConditionArm arm;
  Facts facts;
  if (condition) {
    // What it says holds at the moment that ends the wait.
    facts = facts_if(context_.expressions, *condition, true);
    arm.condition =
        check_standing_condition(context_.expressions, context_.later_scope(), *condition);
  }
  arm.next = way_out(block, block_name, std::move(facts), false);
  action_.arms.emplace_back(arm);
}

void Waiting::on_timeout(const ast::Block* block) {
  action_.timeout = way_out(block, "timeout", {}, action_.up_to > base::Millis{});
}

void Waiting::finish() {
  context_.flow = ways_.joined();
  context_.graph.steps[at_].action = std::move(action_);
}

const ast::Block* block_of(const std::optional<ast::Block>& block) {
  return block ? &*block : nullptr;
}

}  // namespace

void check_wait_for_event(StepContext& context, const StepPlace& place,
                          const ast::WaitForEvent& wait) {
  Waiting waiting(context, place);
  waiting.up_to(wait.up_to);
  waiting.on_event(wait.trigger, wait.binding, wait.since, block_of(wait.then_block), "then");
  waiting.on_timeout(block_of(wait.timeout));
  waiting.finish();
}

void check_wait_for_condition(StepContext& context, const StepPlace& place,
                              const ast::WaitForCondition& wait) {
  Waiting waiting(context, place);
  waiting.up_to(wait.up_to);
  waiting.on_condition(wait.condition, block_of(wait.then_block), "then");
  waiting.on_timeout(block_of(wait.timeout));
  waiting.finish();
}

void check_wait_race(StepContext& context, const StepPlace& place, const ast::WaitRace& race) {
  Waiting waiting(context, place);
  waiting.up_to(race.up_to);
  const ast::Block* timeout = nullptr;
  BlockName names;  // of the arms
  for (const ast::WaitRace::Arm& arm : race.arms) {
    switch (arm.kind) {
      case ast::WaitRace::Arm::Kind::kOn: {
        std::string name = fmt::format("on {}", graph::told(name_of(arm.trigger)));
        const int number = ++names.counts[name];
        if (number > 1) name += fmt::format(" {}", number);
        waiting.on_event(arm.trigger, arm.binding, arm.since, &arm.block, name);
        break;
      }
      case ast::WaitRace::Arm::Kind::kWhen:
        waiting.on_condition(arm.condition, &arm.block,
                             fmt::format("when {}", ++names.counts["when"]));
        break;
      case ast::WaitRace::Arm::Kind::kTimeout:
        timeout = &arm.block;
        break;
    }
  }
  waiting.on_timeout(timeout);
  if (names.counts.empty() && !context.report.has_syntax_fault(place.step.span)) {
    context.report.add(
        diagnose(messages::kWaitForNothing, context.report.first_line(place.step.span))
            .help("add `on EVENT { … }` or `when CONDITION { … }`, or write `wait 3d`"));
  }
  waiting.finish();
}

}  // namespace sojourn::dsl
