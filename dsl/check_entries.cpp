// `enter …`: what starts a journey, and what `entry` holds because of it.
#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/check_clauses.h"
#include "dsl/check_expression.h"
#include "dsl/expression_parts.h"
#include "dsl/known_names.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/reserved.h"
#include "graph/verify.h"

namespace sojourn::dsl {
namespace {

class Entries {
 public:
  Entries(ExpressionContext& context, const ast::Journey& journey, std::vector<Span>& watched_spans)
      : context_(context), journey_(journey), watched_spans_(watched_spans) {}

  // True when the clause is an entry of any kind.
  bool take(const ast::Clause& clause);

 private:
  bool choose(const ast::Clause& clause);
  void on_event(const ast::EnterOn& entry);
  void on_api(Span place);
  void on_date(const ast::EnterOnDate& entry);
  graph::ExprId date(const ast::Expr& field);
  void on_list(const ast::Name& list);
  void when(const ast::EnterWhen& entry);
  void every(const ast::EnterEvery& entry);
  void at(const ast::EnterAt& entry);
  // The condition of the segment; reports one that there is not.
  graph::ExprId segment(const ast::Name& name, Span place);
  // An entry that people are watched for; its event has no fields.
  void add_watched(decltype(graph::WatchedEntry::rule) rule);
  // `owner`: under which its fields stand in World::fields.
  void add_fields(const graph::EventType& event, std::string_view owner);
  void add_entry(graph::EventEntry entry, const Facts& facts);

  ExpressionContext& context_;
  const ast::Journey& journey_;
  std::vector<Span>& watched_spans_;
  bool is_first_ = true;
  std::optional<Span> api_;
};

// Fields that not all entries share may be missing.
void Entries::add_fields(const graph::EventType& event, std::string_view owner) {
  std::vector<graph::TypedField>& fields = context_.entry.fields;
  for (graph::TypedField& field : fields) {
    if (find_field(event.fields, field.name) == nullptr) field.type.optional = true;
  }
  for (graph::TypedField field : event.fields) {
    const std::string path = fmt::format("{}.{}", owner, field.name);
    if (context_.world.untyped.contains(path)) {
      context_.entry.known = false;
      std::erase_if(fields, [&](const auto& f) { return f.name == field.name; });
      continue;
    }
    const auto known = std::ranges::find(fields, field.name, &graph::TypedField::name);
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

void Entries::add_entry(graph::EventEntry entry, const Facts& facts) {
  Facts& common = context_.entry.facts;
  common = context_.graph.entries.empty() ? facts : common_facts(common, facts);
  context_.graph.entries.push_back(std::move(entry));
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
    add_fields(*event, "event." + event->name);
  }
  graph::EventEntry out{name_of(entry.trigger), graph::kNoExpr};
  Facts facts;
  Scope scope;
  scope.user = true;
  scope.now = true;
  scope.place = "before an enrollment has begun";
  out.where =
      check_trigger_condition(context_, scope, entry.trigger, event, MessagesMeant::kOfUser);
  if (entry.trigger.where) facts = facts_of_entry(context_, *entry.trigger.where);
  add_entry(std::move(out), facts);
}

void Entries::on_api(Span place) {
  Report& report = context_.report;
  if (api_) {
    report.add(diagnose(messages::kDuplicateLine, report.first_line(place), "enter on api")
                   .note(report.first_line(*api_), "first given here")
                   .help("a journey has one entry by the API; mark fields that may be absent `?`"));
    return;
  }
  api_ = place;
  const graph::EventType* entry = context_.world.catalog.find_api_entry(journey_.name.text);
  // A second journey of the name has been reported.
  if (entry == nullptr) return;
  add_fields(*entry, "journey." + journey_.name.text);
  add_entry({entry->name, graph::kNoExpr}, {});
}

void Entries::add_watched(decltype(graph::WatchedEntry::rule) rule) {
  graph::Graph& graph = context_.graph;
  add_fields({}, {});
  graph.watched.push_back({static_cast<std::uint32_t>(graph.entries.size()), std::move(rule)});
  add_entry({graph::watch_event(journey_.name.text, graph.watched.size()), graph::kNoExpr}, {});
}

// Nobody has entered yet, and no event is at hand.
Scope watched_scope() {
  Scope scope;
  scope.user = true;
  scope.now = true;
  scope.place = "before an enrollment has begun";
  return scope;
}

void Entries::on_date(const ast::EnterOnDate& entry) {
  graph::DateEntry rule;
  rule.every_year = entry.every_year;
  rule.before = entry.minus;
  if (entry.field) rule.date = date(*entry.field);
  if (entry.offset) {
    rule.offset = check_duration(context_, *entry.offset, "the distance from a date")
                      .value_or(graph::Duration{});
    if (rule.every_year && !graph::is_within_a_year(rule.offset)) {
      context_.report.add(diagnose(messages::kOutOfRange, entry.offset->span,
                                   "the distance from a yearly date", "less than a year"));
    }
  }
  if (entry.at) rule.at = check_time_of_day(context_, *entry.at);
  add_watched(rule);
}

graph::ExprId Entries::date(const ast::Expr& field) {
  Report& report = context_.report;
  if (path_root(field) != "user") {
    report.add(diagnose(messages::kUserFieldNeeded, field.span, report.words(field.span, "this"))
                   .help("the date has to be one of the profile, such as `user.trialEndsAt`"));
    return context_.poison(field.span).id;
  }
  const Typed typed = check_expression(context_, watched_scope(), field);
  const graph::Type::Kind kind = typed.type.kind;
  if (typed.known && kind != graph::Type::Kind::kTimestamp && kind != graph::Type::Kind::kDate &&
      kind != graph::Type::Kind::kAny) {
    Diagnostic wrong =
        diagnose(messages::kTypeMismatch, field.span, "a timestamp or a date", quoted(typed.type));
    note_declared(wrong, typed);
    report.add(std::move(wrong));
  }
  return typed.id;
}

void Entries::on_list(const ast::Name& list) {
  const World& world = context_.world;
  if (list && !world.lists.contains(list.text)) {
    context_.report.add(diagnose(messages::kUnknownList, list.span, list.text)
                            .label(suggestion(list.text, names_of(world.lists))));
  }
  add_fields({}, {});
  add_entry({graph::list_event(list.text), graph::kNoExpr}, {});
}

void Entries::when(const ast::EnterWhen& entry) {
  graph::WhenEntry rule;
  if (entry.condition) {
    rule.condition = check_standing_condition(context_, watched_scope(), *entry.condition);
  }
  add_watched(rule);
}

graph::ExprId Entries::segment(const ast::Name& name, Span place) {
  const World& world = context_.world;
  if (!name || !check_segment_name(world, name, context_.report)) return context_.poison(place).id;
  return check_segment(context_, *world.segments.find(name.text)->second).id;
}

void Entries::every(const ast::EnterEvery& entry) {
  graph::ScheduleEntry rule;
  rule.day = check_day(context_, entry.day);
  if (entry.at) rule.at = check_time_of_day(context_, *entry.at).value_or(graph::TimeOfDay{});
  rule.condition = segment(entry.segment, entry.day.span);
  add_watched(std::move(rule));
}

void Entries::at(const ast::EnterAt& entry) {
  graph::OneTimeEntry rule;
  if (entry.moment) {
    const auto moment = check_literal(context_, *entry.moment, graph::Type::Kind::kTimestamp,
                                      "the moment of an entry");
    if (moment) rule.at = moment->as_timestamp();
  }
  rule.condition = segment(entry.segment, entry.segment.span);
  add_watched(rule);
}

bool Entries::take(const ast::Clause& clause) {
  const bool is_entry = choose(clause);
  watched_spans_.resize(context_.graph.watched.size(), clause.span);
  return is_entry;
}

bool Entries::choose(const ast::Clause& clause) {
  if (const auto* on_event_clause = std::get_if<ast::EnterOn>(&clause.node)) {
    on_event(*on_event_clause);
  } else if (std::holds_alternative<ast::EnterOnApi>(clause.node)) {
    on_api(clause.span);
  } else if (const auto* condition = std::get_if<ast::EnterWhen>(&clause.node)) {
    when(*condition);
  } else if (const auto* on_date_clause = std::get_if<ast::EnterOnDate>(&clause.node)) {
    on_date(*on_date_clause);
  } else if (const auto* list = std::get_if<ast::EnterOnList>(&clause.node)) {
    on_list(list->list);
  } else if (const auto* recurring = std::get_if<ast::EnterEvery>(&clause.node)) {
    every(*recurring);
  } else if (const auto* once = std::get_if<ast::EnterAt>(&clause.node)) {
    at(*once);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void check_entries(const ast::Declaration& declaration, ExpressionContext& context,
                   std::vector<Span>& watched_spans) {
  const auto& journey = std::get<ast::Journey>(declaration.node);
  Entries entries(context, journey, watched_spans);
  bool has_entry = false;
  for (const ast::Clause& clause : journey.clauses) has_entry |= entries.take(clause);
  if (has_entry || context.report.has_syntax_fault(declaration.span)) return;
  context.report.add(diagnose(messages::kEntryNeeded, journey.name.span, journey.name.text)
                         .help("add a line such as `enter on signup`"));
}

namespace {

// `every year`, `every monday`; empty when it does not come again by itself.
std::string recurrence(const ast::Clause& clause, const Report& report) {
  const auto* date = std::get_if<ast::EnterOnDate>(&clause.node);
  if (date != nullptr && date->every_year) return "`every year`";
  const auto* every = std::get_if<ast::EnterEvery>(&clause.node);
  if (every == nullptr) return {};
  std::string day = report.words(every->day.span, "day");
  std::erase(day, '`');
  return fmt::format("`every {}`", day);
}

}  // namespace

void check_recurring_entries(const ast::Journey& journey, const graph::Graph& graph,
                             Report& report) {
  const auto is_constant = [&](graph::ExprId id) {
    return graph.expressions[id].op == graph::Op::kConstant;
  };
  if (graph.reentry.kind != graph::Reentry::Kind::kNever ||
      !std::ranges::all_of(graph.one_per, is_constant)) {
    return;
  }
  for (const ast::Clause& clause : journey.clauses) {
    const std::string every = recurrence(clause, report);
    if (every.empty()) continue;
    report.add(diagnose(messages::kRecurringOnce, report.first_line(clause.span), every)
                   .help("add `reenter always`; without a `reenter` line it is `never`"));
  }
}

}  // namespace sojourn::dsl
