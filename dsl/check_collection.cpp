// Questions about what happened and about lists: `any login within 7d`, `at least 3
// purchase where event.amount > 5`, `every entry.items where it.paid`, `sum(
// purchase.amount since entry)`. Each becomes one node of the graph; a question that
// asks how many compares its count.
#include <fmt/core.h>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/collection_subject.h"
#include "dsl/engagement.h"
#include "dsl/expression_parts.h"
#include "dsl/types.h"
#include "graph/history.h"

namespace sojourn::dsl {
namespace {

using graph::Op;
using Kind = graph::Type::Kind;
using Quantifier = ast::Question::Quantifier;

constexpr auto kMostEvents = static_cast<std::int64_t>(graph::kMaxKeptEvents);

std::string_view spelling(Quantifier quantifier) {
  switch (quantifier) {
    case Quantifier::kAny:
      return "any";
    case Quantifier::kNo:
      return "no";
    case Quantifier::kEvery:
      return "every";
    case Quantifier::kAtLeast:
      return "at least";
    case Quantifier::kAtMost:
      return "at most";
    case Quantifier::kExactly:
      return "exactly";
  }
  return {};
}

std::string_view word_of(const ast::Window& window) {
  switch (window.kind) {
    case ast::Window::Kind::kWithin:
      return "within";
    case ast::Window::Kind::kSinceEntry:
    case ast::Window::Kind::kSinceStep:
      return "since";
    case ast::Window::Kind::kBeforeEntry:
      return "before entry";
    default:
      return "ever";
  }
}

struct Function {
  std::string_view name;
  Op of_events;
  Op of_items;
  bool of_a_field;  // `sum(purchase.amount)`; the others are of whole events
};
constexpr Function kCount{"count", Op::kCountEvents, Op::kCountItems, false};
// What the grammar takes for an aggregate is one of these.
constexpr Function kFunctions[] = {
    kCount,
    {"sum", Op::kSumEvents, Op::kSumItems, true},
    {"min", Op::kMinEvents, Op::kMinItems, true},
    {"max", Op::kMaxEvents, Op::kMaxItems, true},
    {"avg", Op::kAvgEvents, Op::kAvgItems, true},
    {"first", Op::kFirstEvent, Op::kFirstItem, false},
    {"last", Op::kLastEvent, Op::kLastItem, false},
    {"list", Op::kListEvents, Op::kListItems, true},
};

const Function* find_function(std::string_view name) {
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

// What each event or item gives to `sum` and its kin. Those that lack it are left out.
Typed check_operand(ExpressionContext& context, const Scope& scope, const Function& function,
                    const Subject& subject, Span span) {
  const Scope inner = inside(scope, subject);
  Typed value = subject.event != nullptr ? check_event_path(context, inner, subject.path, span)
                                         : check_item_path(context, inner, subject.path, span);
  if (!value.known) return value;
  if (function.of_events == Op::kListEvents) return value;
  const bool adds = function.of_events == Op::kSumEvents || function.of_events == Op::kAvgEvents;
  if (adds ? is_numeric(value.type) : is_ordered(value.type)) return value;
  context.report.add(diagnose(messages::kWrongOperand, span, function.name, quoted(value.type)));
  value.known = false;
  return value;
}

// What an author writes behind the collection, and the engagement if it is one.
struct Asked {
  const ast::Expr* where = nullptr;
  const ast::Window& window;
  const ast::Engagement* engagement = nullptr;
};

Asked asked_of(const ast::Collection& collection) {
  const bool is_engagement = collection.kind == ast::Collection::Kind::kEngagement;
  return {collection.where.get(), collection.window,
          is_engagement ? &collection.engagement : nullptr};
}

// The messages that an engagement is about, then the author's condition.
void add_engagement(ExpressionContext& context, const Scope& scope, const Asked& asked,
                    const Scope& inner, Span span, graph::Expression& node) {
  // With nothing said, it is about this enrollment's last message.
  const bool is_bare = asked.window.kind == ast::Window::Kind::kNone;
  graph::ExprId about = check_engagement(context, scope, *asked.engagement,
                                         is_bare ? MessagesMeant::kLatest : MessagesMeant::kOfUser);
  if (asked.where != nullptr) {
    if (about == graph::kNoExpr) about = context.emit_constant(graph::Value(true), span);
    const graph::ExprId where = check_condition(context, inner, *asked.where).id;
    about = context.emit(Op::kAnd, {about, where}, span);
  }
  if (about != graph::kNoExpr) node.arguments.push_back(about);
  node.names = {words_of(context, *asked.engagement)};
  node.window = is_bare ? graph::Window{graph::Window::Kind::kThisEnrollment, {}, {}}
                        : check_window(context, scope, asked.window);
}

// The node that asks `function` of the collection. `operand` is what it adds up, if
// anything; `but`: events and items for which `where` does not hold are meant.
graph::ExprId ask(ExpressionContext& context, const Scope& scope, const Function& function,
                  const Asked& asked, const Subject& subject, const Typed* operand, Span span,
                  bool but = false) {
  if (subject.count_slot && function.of_items == Op::kCountItems && asked.where == nullptr) {
    graph::Expression counter;
    counter.op = Op::kLocal;
    counter.slot = *subject.count_slot;
    return context.emit(std::move(counter), span);
  }
  graph::Expression node;
  node.op = subject.event != nullptr ? function.of_events : function.of_items;
  if (subject.list) node.arguments.push_back(subject.list->id);
  if (operand != nullptr) node.arguments.push_back(operand->id);
  if (subject.event != nullptr) node.name = subject.event->name;
  if (asked.engagement != nullptr) {
    add_engagement(context, scope, asked, inside(scope, subject), span, node);
    return context.emit(std::move(node), span);
  }
  if (asked.where != nullptr) {
    graph::ExprId where = check_condition(context, inside(scope, subject), *asked.where).id;
    if (but) where = context.emit(Op::kNot, {where}, span);
    node.arguments.push_back(where);
  }
  if (subject.event != nullptr) {
    node.window = check_window(context, scope, asked.window);
  } else if (asked.window.kind != ast::Window::Kind::kNone) {
    context.report.add(
        diagnose(messages::kWrongOperand, asked.window.span, word_of(asked.window), "a list")
            .help("a list has no past; if the window is of events around it, put the question "
                  "about the list in brackets"));
  }
  return context.emit(std::move(node), span);
}

Span span_of(const ast::Collection& collection) {
  return collection.path ? collection.path->span : collection.span;
}

struct Comparison {
  Op op;
  std::int64_t count;
};

// More than are kept of one event cannot be asked for.
std::optional<Comparison> check_count(ExpressionContext& context, const ast::Question& question,
                                      bool of_events) {
  if (question.quantifier == Quantifier::kAny) return Comparison{Op::kGreaterEqual, 1};
  if (question.quantifier == Quantifier::kNo || question.quantifier == Quantifier::kEvery) {
    return Comparison{Op::kEqual, 0};
  }
  if (!question.count) return std::nullopt;
  const auto count = check_literal(context, *question.count, Kind::kInteger, "the count");
  if (!count) return std::nullopt;
  const bool at_least = question.quantifier == Quantifier::kAtLeast;
  const std::int64_t lowest = at_least ? 1 : 0;
  const std::int64_t highest = at_least ? kMostEvents : kMostEvents - 1;
  if (of_events && (count->as_integer() < lowest || count->as_integer() > highest)) {
    context.report.add(
        diagnose(messages::kOutOfRange, question.count->span, "the count",
                 fmt::format("from {} to {}", lowest, highest))
            .help(fmt::format("of one event, the newest {} are kept for a user", kMostEvents)));
    return std::nullopt;
  }
  const Op op = at_least                                     ? Op::kGreaterEqual
                : question.quantifier == Quantifier::kAtMost ? Op::kLessEqual
                                                             : Op::kEqual;
  return Comparison{op, count->as_integer()};
}

// What a question over events is about, in the author's words: `login`, `opened any`.
std::string name_of(const ExpressionContext& context, const ast::Collection& collection,
                    const Subject& subject) {
  return collection.kind == ast::Collection::Kind::kEngagement
             ? words_of(context, collection.engagement)
             : subject.event->name;
}

// The function fits what it is asked of: only `sum` and its kin take a field.
bool check_fit(ExpressionContext& context, const Function& function,
               const ast::Collection& collection, const Subject& subject) {
  if (subject.event == nullptr) return true;  // a list's fields have been told apart
  const std::string event = name_of(context, collection, subject);
  if (function.of_a_field && collection.kind == ast::Collection::Kind::kEngagement) {
    context.report.add(diagnose(messages::kWrongOperand, collection.span, function.name,
                                fmt::format("`{}`", event)));
    return false;
  }
  if (function.of_a_field && subject.path.empty()) {
    context.report.add(
        diagnose(messages::kFieldNeeded, span_of(collection), event)
            .help(fmt::format("name one of its fields: `{}({}.…)`", function.name, event)));
    return false;
  }
  if (!function.of_a_field && !subject.path.empty()) {
    context.report.add(
        diagnose(messages::kWrongOperand, span_of(collection), function.name, "a field of an event")
            .help(fmt::format("write `{}({})`", function.name, event)));
    return false;
  }
  return true;
}

// `first 3` of `list(purchase.amount first 3)`.
std::uint32_t check_first(ExpressionContext& context, const Function& function,
                          const ast::Expr& first) {
  if (function.of_events != Op::kListEvents) {
    context.report.add(
        diagnose(messages::kWrongOperand, first.span, function.name, "a number of events"));
    return 0;
  }
  const auto count = check_literal(context, first, Kind::kInteger, "the count");
  if (!count) return 0;
  if (count->as_integer() < 1 || count->as_integer() > kMostEvents) {
    context.report.add(diagnose(messages::kOutOfRange, first.span, "the count",
                                fmt::format("from 1 to {}", kMostEvents)));
    return 0;
  }
  return static_cast<std::uint32_t>(count->as_integer());
}

// Since a step that was never reached nothing has happened: the answer, which is
// missing then, is 0 or the empty list.
graph::ExprId or_nothing(ExpressionContext& context, const Function& function, graph::ExprId answer,
                         Span span) {
  const bool is_number =
      function.of_events == Op::kCountEvents || function.of_events == Op::kSumEvents;
  if (!is_number && function.of_events != Op::kListEvents) return answer;
  const graph::ExprId nothing = is_number
                                    ? context.emit_constant(graph::Value(std::int64_t{0}), span)
                                    : context.emit(Op::kList, {}, span);
  return context.emit(Op::kDefault, {answer, nothing}, span);
}

graph::Type whole_type(const Subject& subject) {
  if (subject.event != nullptr) return event_object_type(*subject.event);
  const auto& element = subject.list->type.element;
  return as_optional(element != nullptr ? *element : type_of(Kind::kAny));
}

graph::Type result_type(const Function& function, const Subject& subject,
                        const graph::Type& operand) {
  switch (function.of_events) {
    case Op::kCountEvents:
      return type_of(Kind::kInteger);
    case Op::kSumEvents:
      return as_optional(operand, false);
    case Op::kAvgEvents:
      return as_optional(type_of(Kind::kNumber));
    case Op::kFirstEvent:
    case Op::kLastEvent:
      return whole_type(subject);
    case Op::kListEvents:
      return list_of(as_optional(operand, false));
    default:
      return as_optional(operand);
  }
}

}  // namespace

Typed check_question(ExpressionContext& context, const Scope& scope, const ast::Question& question,
                     Span span) {
  const ast::Collection& collection = question.collection;
  const Subject subject = check_subject(context, scope, collection, false);
  if (!subject) return context.poison(span);
  const std::string_view word = spelling(question.quantifier);
  if (subject.event != nullptr && !subject.path.empty()) {
    context.report.add(
        diagnose(messages::kWrongOperand, span_of(collection), word, "a field of an event")
            .help("ask about its fields with `where`"));
    return context.poison(span);
  }
  const bool is_every = question.quantifier == Quantifier::kEvery;
  if (subject.event != nullptr && is_every) {
    context.report.add(
        diagnose(messages::kWrongOperand, span_of(collection), word, "an event")
            .help(fmt::format("write `no {} where not …`", name_of(context, collection, subject))));
    return context.poison(span);
  }
  const auto comparison = check_count(context, question, subject.event != nullptr);
  graph::ExprId count =
      ask(context, scope, kCount, asked_of(collection), subject, nullptr, span, is_every);
  if (!comparison) return context.poison(span);
  // Every one of them, with nothing asked.
  const bool is_true = is_every && !collection.where;
  const graph::ExprId bound =
      is_true ? count : context.emit_constant(graph::Value(comparison->count), span);
  return {type_of(Kind::kBoolean), context.emit(comparison->op, {count, bound}, span), true, {}};
}

Typed check_engagement_test(ExpressionContext& context, const Scope& scope,
                            const ast::EngagementTest& test, Span span) {
  if (!can_ask_history(context, scope, words_of(context, test.engagement), span)) {
    return context.poison(span);
  }
  Subject subject;
  subject.event = &event_of(test.engagement);
  const Asked asked{test.where.get(), test.window, &test.engagement};
  const graph::ExprId count = ask(context, scope, kCount, asked, subject, nullptr, span);
  const graph::ExprId one = context.emit_constant(graph::Value(std::int64_t{1}), span);
  return {type_of(Kind::kBoolean), context.emit(Op::kGreaterEqual, {count, one}, span), true, {}};
}

Typed check_aggregate(ExpressionContext& context, const Scope& scope,
                      const ast::Aggregate& aggregate, Span span) {
  const Function* function = find_function(aggregate.function.text);
  if (function == nullptr) return context.poison(span);
  const ast::Collection& collection = aggregate.collection;
  const Subject subject = check_subject(context, scope, collection, function->of_a_field);
  if (!subject || !check_fit(context, *function, collection, subject)) {
    return context.poison(span);
  }
  Typed operand;
  if (function->of_a_field) {
    operand = check_operand(context, scope, *function, subject, span_of(collection));
  }
  graph::ExprId id = ask(context, scope, *function, asked_of(collection), subject,
                         function->of_a_field ? &operand : nullptr, span);
  if (aggregate.first) {
    context.graph.expressions[id].slot = check_first(context, *function, *aggregate.first);
  }
  if (collection.window.kind == ast::Window::Kind::kSinceStep) {
    id = or_nothing(context, *function, id, span);
  }
  return {result_type(*function, subject, operand.type), id, operand.known, {}};
}

}  // namespace sojourn::dsl
