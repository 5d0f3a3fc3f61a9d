// What a user belongs to: `subscribed to T`, `in list L`, `in journey J`, `left J as
// reason within D`; and `in segment S`, which stands for the segment's condition.
#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "dsl/expression_parts.h"
#include "dsl/known_names.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using graph::Op;
using Kind = ast::Membership::Kind;

// The words before the name, as the author writes them.
std::string_view words_of(Kind kind) {
  switch (kind) {
    case Kind::kInList:
      return "in list";
    case Kind::kInSegment:
      return "in segment";
    case Kind::kSubscribedTo:
      return "subscribed to";
    case Kind::kInJourney:
      return "in journey";
    case Kind::kLeft:
      return "left";
  }
  return {};
}

Op op_of(Kind kind) {
  switch (kind) {
    case Kind::kSubscribedTo:
      return Op::kSubscribedTo;
    case Kind::kInJourney:
      return Op::kInJourney;
    case Kind::kLeft:
      return Op::kLeftJourney;
    default:
      return Op::kInList;
  }
}

bool is_known(const World& world, const ast::Membership& membership, Report& report) {
  switch (membership.kind) {
    case Kind::kSubscribedTo:
      return check_message_type_name(world, membership.target, report);
    case Kind::kInList:
      return check_list_name(world, membership.target, report);
    case Kind::kInSegment:
      return check_segment_name(world, membership.target, report);
    case Kind::kInJourney:
    case Kind::kLeft:
      return check_journey_name(world, membership.target, report);
  }
  return false;
}

graph::Expression left(ExpressionContext& context, const ast::Membership& membership) {
  graph::Expression node;
  if (membership.reason && *membership.reason) {
    node.names = {membership.reason->text};
    context.exit_references.push_back(
        {membership.target.text, membership.reason->text, membership.reason->span});
  }
  if (membership.within) {
    node.window.kind = graph::Window::Kind::kWithin;
    node.window.within =
        check_elapsed(context, *membership.within, "`within`").value_or(base::Millis{});
  }
  return node;
}

bool report_cycle(ExpressionContext& context, const ast::Segment& segment) {
  const auto& open = context.segments_in_progress;
  const auto found = std::ranges::find(open, segment.name.text);
  if (found == open.end()) return false;
  const auto place = [&](const std::string& name) {
    return context.world.segments.find(name)->second->name.span;
  };
  // The same cycle is met from each of its segments; it is labelled at the first.
  std::vector<std::string> cycle(found, open.end());
  std::ranges::rotate(cycle, std::ranges::min_element(cycle, {}, place));
  Diagnostic diagnostic = diagnose(messages::kSegmentCycle, place(cycle[0]), cycle[0]);
  for (std::size_t i = 1; i < cycle.size(); ++i) {
    diagnostic.secondary.push_back({place(cycle[i]), "by way of this one"});
  }
  context.report.add(std::move(diagnostic));
  return true;
}

}  // namespace

Typed check_segment(ExpressionContext& context, const ast::Segment& segment) {
  const std::string& name = segment.name.text;
  const Span span = segment.name.span;
  const auto made = context.segments.find(name);
  if (made != context.segments.end()) return made->second;
  if (!segment.condition || context.world.broken_segments.contains(name)) {
    return context.poison(span);
  }
  if (report_cycle(context, segment)) return context.poison(span);
  Scope scope;
  scope.user = true;
  scope.now = true;
  scope.place = "in a segment";
  context.segments_in_progress.push_back(name);
  // What is bound where the segment is asked about has no meaning inside it.
  std::vector<Local> locals = std::exchange(context.locals, {});
  auto parameters = std::exchange(context.parameters, {});
  const std::size_t errors_before = context.report.error_count();
  Typed typed = check_condition(context, scope, *segment.condition);
  typed.known = typed.known && context.report.error_count() == errors_before;
  context.locals = std::move(locals);
  context.parameters = std::move(parameters);
  context.segments_in_progress.pop_back();
  context.segments.emplace(name, typed);
  return typed;
}

Typed check_membership(ExpressionContext& context, const Scope& scope,
                       const ast::Membership& membership, Span span) {
  const ast::Name& target = membership.target;
  if (!is_known(context.world, membership, context.report)) return context.poison(span);
  // What a user belongs to is part of what is known of them, and goes by the time.
  if (!scope.user || !scope.now) {
    context.report.add(diagnose(messages::kNotHere, span,
                                fmt::format("{} {}", words_of(membership.kind), target.text),
                                scope.place));
    return context.poison(span);
  }
  if (membership.kind == Kind::kInSegment) {
    Typed segment = check_segment(context, *context.world.segments.find(target.text)->second);
    segment.declared = {};
    return segment;
  }
  const graph::Type boolean = type_of(graph::Type::Kind::kBoolean);
  // Whoever asks it inside a journey is in that journey.
  const bool is_own = scope.entry && target.text == context.graph.journey;
  if (membership.kind == Kind::kInJourney && is_own) {
    return {boolean, context.emit_constant(graph::Value(true), span), true, {}};
  }
  graph::Expression node;
  if (membership.kind == Kind::kLeft) node = left(context, membership);
  node.op = op_of(membership.kind);
  node.name = target.text;
  return {boolean, context.emit(std::move(node), span), true, {}};
}

}  // namespace sojourn::dsl
