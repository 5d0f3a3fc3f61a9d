#include "dsl/check_clauses.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_declarations.h"
#include "dsl/check_expression.h"
#include "dsl/check_goals.h"
#include "dsl/check_sending_rules.h"
#include "dsl/narrowing.h"
#include "dsl/program.h"
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/engagement.h"

namespace sojourn::dsl {
namespace {

// More re-entries than this need no limit.
constexpr std::int64_t kMaxEntries = 1'000'000;

// Of an exit that names none.
std::string reason_of(const ast::Trigger& trigger) {
  return trigger.kind == ast::Trigger::Kind::kChanged ? "changed"
                                                      : std::string(graph::told(name_of(trigger)));
}

// Every other clause.
class Clauses {
 public:
  Clauses(ExpressionContext& context, std::vector<Span>& exit_spans)
      : context_(context), exit_spans_(exit_spans) {}

  void take(const ast::Clause& clause) {
    span_ = clause.span;
    std::visit(*this, clause.node);
  }

  void operator()(const ast::OwnerClause& node) {
    if (!once("owner")) return;
    context_.graph.owner = node.owner.text;
  }
  void operator()(const ast::OnePerClause& node);
  void operator()(const ast::ReenterClause& node);
  void operator()(const ast::WhileEnrolledClause& node);
  void operator()(const ast::ExitOn& node);
  void operator()(const ast::ExitWhen& node);
  void operator()(const ast::TimezoneLine& node) {
    if (once("timezone")) timezone = node.chain.get();
  }
  void operator()(const ast::DataClause& node) {
    if (once("data")) data = &node.data;
  }
  void operator()(const ast::PriorityClause& node) {
    if (!once("priority")) return;
    // In one order in both.
    context_.graph.priority = static_cast<graph::Priority>(node.level);
  }
  void operator()(const ast::GoalClause& node) {
    seen_.emplace("goal", span_);
    check_goal(node, standing_scope(), goals_, context_);
  }
  void operator()(const ast::PaceClause& node) {
    if (once("pace")) context_.graph.pace = check_pace(node, context_);
  }
  void operator()(const ast::QuietLine& node);
  void operator()(const ast::HoldoutLine& node) {
    if (!once("holdout")) return;
    context_.graph.holdout = check_holdout(node, span_, context_.report).value_or(0);
  }
  void operator()(const ast::OnEditClause&) { once("on edit"); }
  // Entries have been checked; asserts, and lines about an edit, come after the steps; the
  // rest is a hole.
  template <typename Other>
  void operator()(const Other&) {}

  bool has(std::string_view word) const { return seen_.find(word) != seen_.end(); }

  const ast::Expr* timezone = nullptr;
  const ast::Map* data = nullptr;

 private:
  bool once(const std::string& word) {
    const auto [first, is_new] = seen_.emplace(word, span_);
    if (!is_new) {
      Report& report = context_.report;
      report.add(diagnose(messages::kDuplicateLine, report.first_line(span_), word)
                     .note(report.first_line(first->second), "first given here")
                     .help("only `enter`, `exit`, `goal` and `assert` may stand twice"));
    }
    return is_new;
  }

  std::optional<std::uint32_t> times(const ast::Expr& expr, std::string_view what) {
    const auto count = check_count(context_, expr, what, 1, kMaxEntries);
    if (!count) return std::nullopt;
    return static_cast<std::uint32_t>(*count);
  }

  Scope standing_scope() const {
    Scope scope;
    scope.user = true;
    scope.entry = true;
    scope.now = true;
    scope.place = "in an exit";
    scope.facts = context_.entry.facts;
    return scope;
  }

  ExpressionContext& context_;
  std::vector<Span>& exit_spans_;
  Span span_;
  Places seen_;
  Places goals_;
};

void Clauses::operator()(const ast::OnePerClause& node) {
  if (!once("one per")) return;
  for (const auto& value : node.values) {
    if (!value) continue;
    Scope scope;
    scope.entry = true;
    scope.place = "in `one per`";
    scope.facts = context_.entry.facts;
    context_.graph.one_per.push_back(check_value(context_, scope, *value, "`one per`").id);
  }
}

void Clauses::operator()(const ast::ReenterClause& node) {
  if (!once("reenter")) return;
  graph::Reentry& rule = context_.graph.reentry;
  // In one order in both.
  rule.kind = static_cast<graph::Reentry::Kind>(node.kind);
  if (node.after) {
    rule.after = check_duration(context_, *node.after, "`after`").value_or(graph::Duration{});
  }
  if (node.up_to_times) rule.times = times(*node.up_to_times, "the number of re-entries");
}

void Clauses::operator()(const ast::WhileEnrolledClause& node) {
  if (!once("while enrolled")) return;
  graph::WhileEnrolled& rule = context_.graph.while_enrolled;
  rule.kind = static_cast<graph::WhileEnrolled::Kind>(node.kind);
  if (node.up_to_times) {
    rule.times = times(*node.up_to_times, "the number of restarts").value_or(0);
  }
}

void Clauses::operator()(const ast::QuietLine& node) {
  if (!once("quiet")) return;
  // The rule is a value, so what it is made of is not left in the graph.
  graph::Graph scratch;
  std::vector<Span> spans;
  ExpressionContext context(context_.world, context_.report, context_.zones, scratch, spans);
  context_.graph.quiet = check_quiet(node, context);
}

void Clauses::operator()(const ast::ExitOn& node) {
  seen_.emplace("exit", span_);
  const graph::EventType* event = check_trigger(context_.world, node.trigger, context_.report);
  graph::ExitOnEvent exit;
  exit.event = name_of(node.trigger);
  exit.reason = node.reason && *node.reason ? node.reason->text : reason_of(node.trigger);
  exit.where = check_trigger_condition(context_, standing_scope(), node.trigger, event,
                                       MessagesMeant::kOfEnrollment);
  context_.graph.exits.emplace_back(std::move(exit));
  exit_spans_.push_back(span_);
}

void Clauses::operator()(const ast::ExitWhen& node) {
  seen_.emplace("exit", span_);
  graph::ExitWhen exit;
  if (node.for_duration) {
    exit.held =
        check_elapsed(context_, *node.for_duration, "`for` of `exit when`").value_or(exit.held);
  }
  exit.reason = node.reason && *node.reason ? node.reason->text : "condition";
  if (node.condition) {
    exit.condition = check_standing_condition(context_, standing_scope(), *node.condition);
  }
  context_.graph.exits.emplace_back(std::move(exit));
  exit_spans_.push_back(span_);
}

void check_required(const ast::Journey& journey, const Clauses& clauses, const World& world,
                    Report& report) {
  for (const ast::Name& required : world.policy.require) {
    if (clauses.has(required.text)) continue;
    report.add(
        diagnose(messages::kRequiredClause, journey.name.span, required.text, journey.name.text)
            .note(required.span, "required here"));
  }
}

}  // namespace

const ast::Map* check_clauses(const ast::Declaration& declaration, ExpressionContext& context,
                              CompiledJourney& places) {
  const auto& journey = std::get<ast::Journey>(declaration.node);
  check_entries(declaration, context, places.watched_spans);
  Clauses clauses(context, places.exit_spans);
  for (const ast::Clause& clause : journey.clauses) clauses.take(clause);
  check_recurring_entries(journey, context.graph, context.report);
  if (!context.report.has_syntax_fault(declaration.span)) {
    check_required(journey, clauses, context.world, context.report);
  }
  const ast::Expr* policy_timezone = context.world.policy.timezone;
  if (clauses.timezone != nullptr || policy_timezone != nullptr) {
    check_timezones(clauses.timezone, policy_timezone, context);
  } else if (!context.report.has_syntax_fault(declaration.span) &&
             !context.report.has(messages::kTimezoneNeeded.id)) {
    // One line in the policy serves all journeys, so the first is enough to say it.
    context.report.add(
        diagnose(messages::kTimezoneNeeded, journey.name.span, journey.name.text)
            .help("add `timezone user.timeZone default \"Europe/Berlin\"`, say, to the policy"));
  }
  return clauses.data;
}

}  // namespace sojourn::dsl
