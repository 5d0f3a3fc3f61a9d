// `repeat up to N times [until CONDITION] {…}`. The block is `IDENTITY.round`.
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

// What a round sends and the next one would send again.
void check_sends_again(StepContext& context, std::size_t first_of_body, const Flow& before) {
  if (!context.flow.reachable) return;
  for (std::size_t i = first_of_body; i < context.sends.size(); ++i) {
    SendSeen& send = context.sends[i];
    const bool repeated = context.flow.sent.find(send.campaign) != context.flow.sent.end();
    const bool known_before = before.sent.find(send.campaign) != before.sent.end();
    if (send.again || !repeated || known_before) continue;
    send.again = true;
    context.report.add(diagnose(messages::kRepeatedSend, send.span, send.campaign)
                           .label("the round before may have sent it")
                           .help("write `again` if that is meant"));
  }
}

void check_takes_time(StepContext& context, const ast::Step& step) {
  if (!context.flow.reachable || context.flow.waited) return;
  if (context.report.has_syntax_fault(step.span)) return;
  context.report.add(diagnose(messages::kLoopWithoutWait, context.report.first_line(step.span))
                         .help("put a `wait` where every round passes it"));
}

}  // namespace

void check_repeat(StepContext& context, const StepPlace& place, const ast::Repeat& repeat) {
  const std::string identity = context.identify(place.step, place.block, "repeat");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Repeat action;
  action.next = place.next;
  if (repeat.times) {
    const auto times = check_count(context.expressions, *repeat.times, "the number of rounds", 1,
                                   graph::kMaxRounds);
    if (times) action.times = static_cast<std::uint32_t>(*times);
  }
  // A round begins with what the one before it left of the profile.
  context.let_time_pass();
  const Flow before = context.flow;
  Ways ways;
  if (repeat.until) {
    action.until = check_condition(context.expressions, context.scope(), *repeat.until).id;
    Flow none = before;
    none.facts.merge(facts_if(context.expressions, *repeat.until, true));
    ways.add(none);
    context.flow.facts.merge(facts_if(context.expressions, *repeat.until, false));
  }
  context.flow.waited = false;
  const std::size_t first_of_body = context.sends.size();
  action.body = check_block(context, repeat.block, identity + ".round.", place.label);
  check_takes_time(context, place.step);
  check_sends_again(context, first_of_body, before);
  context.flow.waited |= before.waited;
  ways.add(context.flow);
  context.flow = ways.joined();
  context.graph.steps[at].action = action;
}

}  // namespace sojourn::dsl
