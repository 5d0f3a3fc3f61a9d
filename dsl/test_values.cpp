// Values in `test` blocks: data of events and messages, profiles, `case` rows, times.
#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "calendar/zone.h"
#include "dsl/affinity.h"
#include "dsl/check_expression.h"
#include "dsl/test_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

constexpr std::string_view kCase = "case";
constexpr std::uint32_t kCaseSlot = 0;

Scope test_scope() {
  Scope scope;
  scope.place = "in a test";
  return scope;
}

bool is_missing(const ast::Expr& expr) {
  return std::holds_alternative<ast::MissingLiteral>(expr.node);
}

// `missing` is a value here.
Typed check_data_value(TestContext& context, const ast::MapEntry& entry) {
  if (!entry.value) return context.expressions.poison(entry.span);
  if (!is_missing(*entry.value)) {
    return check_expression(context.expressions, test_scope(), *entry.value);
  }
  Typed typed{as_optional(type_of(Kind::kAny)),
              context.expressions.emit_constant({}, entry.value->span),
              true,
              {}};
  return typed;
}

// The entries of a map whose names stand once; the others are reported.
std::vector<const ast::MapEntry*> distinct_entries(TestContext& context, const ast::Map& map) {
  std::vector<const ast::MapEntry*> entries;
  Places places;
  for (const ast::MapEntry& entry : map.entries) {
    if (!entry.key) continue;
    const auto [first, is_new] = places.emplace(entry.key.text, entry.key.span);
    if (is_new) {
      entries.push_back(&entry);
    } else {
      context.report.add(diagnose(messages::kDuplicateKey, entry.key.span, entry.key.text)
                             .note(first->second, "first given here"));
    }
  }
  return entries;
}

bool is_any_missing(const Typed& typed) {
  return typed.type.kind == Kind::kAny && typed.type.optional;
}

// One-of text whose every choice (of several `case` rows, say) is a zone.
bool are_zones(const TestContext& context, const graph::Type& type) {
  return type.kind == Kind::kOneOf &&
         std::ranges::all_of(type.choices, [&](const std::string& choice) {
           return context.expressions.zones.find(choice) != nullptr;
         });
}

bool fits_field(TestContext& context, const Typed& typed, Span span, const graph::Type& wanted) {
  if (is_any_missing(typed)) return true;
  if (wanted.kind == Kind::kTimezone && typed.known && are_zones(context, typed.type)) return true;
  return need_type(context.expressions, typed, span, wanted);
}

void report_missing_data(TestContext& context, const graph::TypedField& field,
                         std::string_view owner, Span place) {
  context.report.add(diagnose(messages::kMissingData, place, owner, field.name)
                         .label(fmt::format("it is declared as {}", quoted(field.type))));
}

// The field and its values over all rows, as one type.
void widen(graph::Type& row_type, const std::string& name, const Typed& typed, bool is_first_row) {
  const auto known = std::ranges::find(row_type.fields, name, &graph::TypedField::name);
  if (known == row_type.fields.end()) {
    row_type.fields.push_back(
        {name, as_optional(typed.type, typed.type.optional || !is_first_row)});
    return;
  }
  if (is_any_missing(typed)) {
    known->type.optional = true;
  } else if (is_any_missing({known->type, graph::kNoExpr, true, {}})) {
    known->type = as_optional(typed.type);
  } else {
    const auto both = common_type(known->type, typed.type);
    known->type = both ? *both : as_optional(type_of(Kind::kAny));
  }
}

}  // namespace

std::vector<TestField> check_test_data(TestContext& context, const ast::Map* map,
                                       const std::vector<graph::TypedField>& fields,
                                       std::string_view kind, std::string_view owner, bool whole,
                                       Span place) {
  std::vector<TestField> out;
  const auto entries =
      map == nullptr ? std::vector<const ast::MapEntry*>() : distinct_entries(context, *map);
  for (const ast::MapEntry* entry : entries) {
    const Typed typed = check_data_value(context, *entry);
    const graph::TypedField* field = find_field(fields, entry->key.text);
    if (field == nullptr) {
      std::vector<std::string_view> known;
      for (const graph::TypedField& declared : fields) known.emplace_back(declared.name);
      context.report.add(diagnose(messages::kUnknownField, entry->key.span,
                                  fmt::format("the {} `{}`", kind, owner), entry->key.text)
                             .label(suggestion(entry->key.text, known)));
      continue;
    }
    out.push_back({entry->key.text, typed.id});
    if (!entry->value || context.world.is_untyped(kind, owner, entry->key.text)) continue;
    if (!fits_field(context, typed, entry->value->span, field->type)) continue;
    if (whole && !field->type.optional && typed.type.optional) {
      report_missing_data(context, *field, owner, entry->value->span);
    }
  }
  if (!whole || context.report.has_syntax_fault(place)) return out;
  for (const graph::TypedField& field : fields) {
    if (field.type.optional || context.world.is_untyped(kind, owner, field.name)) continue;
    const bool given = std::ranges::any_of(
        entries, [&](const ast::MapEntry* entry) { return entry->key.text == field.name; });
    if (!given) report_missing_data(context, field, owner, context.report.first_line(place));
  }
  return out;
}

std::vector<TestField> check_test_profile(TestContext& context, const ast::Map& map) {
  std::vector<TestField> out;
  for (const ast::MapEntry* entry : distinct_entries(context, map)) {
    const Typed typed = check_data_value(context, *entry);
    const graph::UserField* field = context.world.find_user_field(entry->key.text);
    if (entry->key.text == kAffinity) {
      context.report.add(affinity_is_computed(entry->key.span, "given"));
      continue;
    }
    if (field == nullptr) {
      context.report.add(
          diagnose(messages::kUnknownField, entry->key.span, "`user`", entry->key.text)
              .label(suggestion(entry->key.text, context.world.user_field_names())));
      continue;
    }
    out.push_back({entry->key.text, typed.id});
    if (!entry->value || context.world.is_untyped("user", entry->key.text)) continue;
    fits_field(context, typed, entry->value->span, field->type);
  }
  return out;
}

void check_test_cases(TestContext& context, const std::vector<const ast::CaseLine*>& rows) {
  if (rows.empty()) return;
  graph::Type row_type = type_of(Kind::kObject);
  Places names;
  bool known = true;
  for (const ast::CaseLine* row : rows) {
    const auto [first, is_new] = names.emplace(row->name.text, row->name.span);
    if (!is_new && row->name) {
      context.report.add(
          diagnose(messages::kDuplicateName, row->name.span, "the case", row->name.text)
              .note(first->second, "first declared here"));
    }
    std::map<std::string, Typed, std::less<>> fields;
    for (const ast::MapEntry* entry : distinct_entries(context, row->fields)) {
      Typed typed = check_data_value(context, *entry);
      known = known && typed.known;
      widen(row_type, entry->key.text, typed, row == rows.front());
      fields.emplace(entry->key.text, std::move(typed));
    }
    for (graph::TypedField& field : row_type.fields) {
      if (!fields.contains(field.name)) field.type.optional = true;
    }
    graph::Expression object;
    object.op = graph::Op::kObject;
    for (const auto& [name, typed] : fields) {
      object.names.push_back(name);
      object.arguments.push_back(typed.id);
    }
    context.plan.cases.push_back(
        {row->name.text, context.expressions.emit(std::move(object), row->fields.span)});
  }
  context.plan.values.local_count = kCaseSlot + 1;
  context.expressions.locals.push_back(
      {std::string(kCase), kCaseSlot, std::move(row_type), known, rows.front()->name.span});
}

graph::ExprId check_test_value(TestContext& context, const ast::Expr& expr, Kind kind,
                               std::string_view needer) {
  const Typed typed = check_value(context.expressions, test_scope(), expr, needer);
  need_type(context.expressions, typed, expr.span, type_of(kind));
  return typed.id;
}

void follow_time(TestContext& context, const TimePasses& passes, Span place) {
  // A local day is at least this much shorter than 24 hours times its number
  // says, whatever the zone does on the way.
  constexpr base::Millis kZoneSlack = base::hours(26);
  constexpr std::int64_t kShortestMonthDays = 28;
  const graph::Expression* node =
      passes.amount == graph::kNoExpr ? nullptr : &context.plan.values.expressions[passes.amount];
  // What is computed, or differs by `case`, is left to the run.
  const bool is_literal = node != nullptr && node->op == graph::Op::kConstant;
  if (!is_literal || !context.earliest) return;
  base::Instant& earliest = *context.earliest;
  if (passes.kind == TimePasses::Kind::kUntil) {
    if (node->constant.kind() != graph::Value::Kind::kTimestamp) return;
    const base::Instant until = node->constant.as_timestamp();
    if (until < earliest) {
      context.report.add(diagnose(messages::kTimeBackwards, place)
                             .label("the test is at least at " + base::to_iso8601(earliest)));
    }
    earliest = std::max(earliest, until);
  } else if (node->constant.kind() == graph::Value::Kind::kDuration) {
    const graph::Duration& duration = node->constant.as_duration();
    const bool by_calendar = duration.months != 0 || duration.days != 0;
    const base::Millis least{
        base::days24(duration.months * kShortestMonthDays + duration.days).count + duration.millis -
        (by_calendar ? kZoneSlack.count : 0)};
    earliest = std::max(earliest, earliest + least);
  }
}

}  // namespace sojourn::dsl
