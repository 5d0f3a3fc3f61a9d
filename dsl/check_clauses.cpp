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
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/engagement.h"

namespace sojourn::dsl {
namespace {

// More re-entries than this need no limit.
constexpr std::int64_t kMaxEntries = 1'000'000;

// The entries come first, since what follows reads `entry`.
class Entries {
 public:
  explicit Entries(ExpressionContext& context) : context_(context) {}

  // True when the clause is an entry of any kind.
  bool take(const ast::Clause& clause);

 private:
  void on_event(const ast::EnterOn& entry);
  void add_fields(const graph::EventType& event);

  ExpressionContext& context_;
  bool is_first_ = true;
};

// Fields that not all entries share may be missing.
void Entries::add_fields(const graph::EventType& event) {
  std::vector<graph::TypedField>& fields = context_.entry.fields;
  for (graph::TypedField& field : fields) {
    if (find_field(event.fields, field.name) == nullptr) field.type.optional = true;
  }
  for (graph::TypedField field : event.fields) {
    if (context_.world.is_untyped("event", event.name, field.name)) {
      context_.entry.known = false;
      std::erase_if(fields, [&](const auto& f) { return f.name == field.name; });
      continue;
    }
    const auto known = std::ranges::find(fields, field.name, &graph::TypedField::name);
    const std::string path = fmt::format("event.{}.{}", event.name, field.name);
    if (const auto place = place_of(context_.world.fields, path)) {
      context_.entry.declared.emplace(field.name, *place);
    }
    if (known == fields.end()) {
      field.type.optional = field.type.optional || !is_first_;
      fields.push_back(std::move(field));
      continue;
    }
    const auto both = common_type(known->type, field.type);
    known->type = both ? *both : as_optional(type_of(graph::Type::Kind::kAny));
  }
  is_first_ = false;
}

// What `where` says is set of `event` is, from then on, set of `entry`.
Facts facts_of_entry(const ExpressionContext& context, const ast::Expr& where) {
  const std::string prefix = join_path("event", {});
  Facts facts;
  for (const std::string& path : facts_if(context, where, true)) {
    if (!path.starts_with(prefix)) continue;
    facts.insert(join_path("entry", std::string_view(path).substr(prefix.size())));
  }
  return facts;
}

void Entries::on_event(const ast::EnterOn& entry) {
  const graph::EventType* event = check_trigger(context_.world, entry.trigger, context_.report);
  if (event == nullptr) {
    context_.entry.known = false;
  } else {
    add_fields(*event);
  }
  graph::EventEntry out;
  Facts facts;
  out.event = name_of(entry.trigger);
  Scope scope;
  scope.user = true;
  scope.now = true;
  scope.place = "before an enrollment has begun";
  out.where =
      check_trigger_condition(context_, scope, entry.trigger, event, MessagesMeant::kOfUser);
  if (entry.trigger.where) facts = facts_of_entry(context_, *entry.trigger.where);
  Facts& common = context_.entry.facts;
  common = context_.graph.entries.empty() ? facts : common_facts(common, facts);
  context_.graph.entries.push_back(std::move(out));
}

bool Entries::take(const ast::Clause& clause) {
  if (const auto* on_event_clause = std::get_if<ast::EnterOn>(&clause.node)) {
    on_event(*on_event_clause);
    return true;
  }
  std::string_view later;
  if (std::holds_alternative<ast::EnterWhen>(clause.node)) later = "`enter when`";
  if (std::holds_alternative<ast::EnterOnDate>(clause.node)) later = "`enter on` a date";
  if (std::holds_alternative<ast::EnterOnList>(clause.node)) later = "`enter on list`";
  if (std::holds_alternative<ast::EnterOnApi>(clause.node)) later = "`enter on api`";
  if (std::holds_alternative<ast::EnterEvery>(clause.node)) later = "`enter every`";
  if (std::holds_alternative<ast::EnterAt>(clause.node)) later = "`enter at`";
  if (later.empty()) return false;
  context_.report.not_carried_out(clause.span, later);
  context_.entry.known = false;
  return true;
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
  // Entries have been taken; asserts, and lines about an edit, come after the steps; the
  // rest is a hole.
  template <typename Other>
  void operator()(const Other&) {}

  bool has(std::string_view word) const { return seen_.find(word) != seen_.end(); }

  const ast::Expr* timezone = nullptr;
  const ast::Map* data = nullptr;

 private:
  void later(std::string_view what) { context_.report.not_carried_out(span_, what); }

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
  exit.reason = node.reason && *node.reason ? node.reason->text : graph::told(exit.event);
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
                              std::vector<Span>& exit_spans) {
  const auto& journey = std::get<ast::Journey>(declaration.node);
  Entries entries(context);
  bool has_entry = false;
  for (const ast::Clause& clause : journey.clauses) has_entry |= entries.take(clause);
  if (!has_entry && !context.report.has_syntax_fault(declaration.span)) {
    context.report.add(diagnose(messages::kEntryNeeded, journey.name.span, journey.name.text)
                           .help("add a line such as `enter on signup`"));
  }
  Clauses clauses(context, exit_spans);
  for (const ast::Clause& clause : journey.clauses) clauses.take(clause);
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
