#include "engine/history.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/aim.h"
#include "engine/totals.h"
#include "graph/engagement.h"
#include "graph/graph.h"
#include "graph/history.h"
#include "graph/operation.h"

namespace sojourn::engine {
namespace {

using graph::Op;
using graph::Value;
using graph::Window;

// When the step that the window begins at was last reached.
std::optional<base::Instant> reached_at(const Scope& scope, const Window& window) {
  for (const StepReached& reached : scope.reached) {
    if (scope.graph.steps[reached.step].identity == window.since_step) return reached.at;
  }
  return std::nullopt;
}

bool is_inside(const Scope& scope, const Window& window, const EventFact& event) {
  switch (window.kind) {
    case Window::Kind::kAll:
      return true;
    case Window::Kind::kWithin:
      return later(event.created_at, window.within) >= scope.now;
    case Window::Kind::kSinceEntry:
      return is_since_entry(event, scope);
    case Window::Kind::kSinceStep:
      return event.created_at >= reached_at(scope, window).value_or(base::kNever);
    case Window::Kind::kBeforeEntry:
      return event.number != scope.entry_event &&
             !is_after_entry(event, scope.entry_created_at, scope.entry_event);
    case Window::Kind::kThisEnrollment: {
      const Value& number = graph::find_field(event.fields, graph::kEnrollmentField);
      return number.is_missing() || number == Value(std::int64_t{scope.enrollment});
    }
  }
  return false;
}

std::vector<const EventFact*> matching(const Scope& scope, const graph::Expression& question) {
  const graph::ExprId condition = graph::condition_of(question);
  std::vector<const EventFact*> events;
  KnownAnswers known;
  Scope inner = scope;
  if (inner.known == nullptr) inner.known = &known;
  for (const EventFact& event : scope.history) {
    if (event.name != question.name || !is_inside(scope, question.window, event)) continue;
    inner.event = &event;
    if (holds(inner, condition)) events.push_back(&event);
  }
  return events;
}

// What the first argument gives for each of the events; missing values left out.
std::vector<Value> values_of(const Scope& scope, const graph::Expression& question,
                             const std::vector<const EventFact*>& events) {
  std::vector<Value> values;
  values.reserve(events.size());
  Scope inner = scope;
  for (const EventFact* event : events) {
    inner.event = event;
    Value value = evaluate(inner, question.arguments[0]);
    if (!value.is_missing()) values.push_back(std::move(value));
  }
  return values;
}

// By when they happened; of two at one instant, the one that came first is first.
bool is_earlier(const EventFact* a, const EventFact* b) {
  return a->created_at != b->created_at ? a->created_at < b->created_at : a->number < b->number;
}

Value object_or_missing(const std::vector<const EventFact*>& events,
                        std::vector<const EventFact*>::const_iterator found) {
  return found == events.end() ? Value() : event_object(**found);
}

}  // namespace

bool is_after_entry(const EventFact& event, base::Instant entry_created_at,
                    std::uint64_t entry_event) {
  return event.created_at > entry_created_at ||
         (event.created_at == entry_created_at && event.number > entry_event);
}

bool is_since_entry(const EventFact& event, const Scope& scope) {
  const bool is_kept = event.arrived_at > scope.entered_at ||
                       later(event.created_at, graph::kLookBack) >= scope.entered_at;
  return is_kept && is_after_entry(event, scope.entry_created_at, scope.entry_event);
}

Value event_object(const EventFact& event) {
  graph::Object object;
  object.reserve(event.fields.size() + 1);
  std::ranges::copy_if(event.fields, std::back_inserter(object),
                       [](const graph::Field& field) { return field.first != "createdAt"; });
  object.emplace_back("createdAt", Value(event.created_at));
  std::ranges::sort(object, {}, &graph::Field::first);
  return Value(std::move(object));
}

namespace {

Value answer(const Scope& scope, const graph::Expression& question) {
  const Window& window = question.window;
  if (window.kind == Window::Kind::kSinceStep && !reached_at(scope, window)) return {};
  std::vector<const EventFact*> events = matching(scope, question);
  switch (question.op) {
    case Op::kCountEvents:
      return Value(static_cast<std::int64_t>(events.size()));
    case Op::kSumEvents:
      return sum(values_of(scope, question, events));
    case Op::kAvgEvents:
      return average(values_of(scope, question, events));
    case Op::kMinEvents:
      return smallest(values_of(scope, question, events));
    case Op::kMaxEvents:
      return largest(values_of(scope, question, events));
    case Op::kFirstEvent:
      return object_or_missing(events, std::ranges::min_element(events, is_earlier));
    case Op::kLastEvent:
      return object_or_missing(events, std::ranges::max_element(events, is_earlier));
    case Op::kListEvents:
      std::ranges::sort(events, is_earlier);
      return first_few(values_of(scope, question, events), question.slot);
    default:
      return {};
  }
}

}  // namespace

Value ask_history(const Scope& scope, const graph::Expression& question) {
  // Inside a question over a list the answer may depend on the item.
  if (scope.known == nullptr || scope.item != nullptr) return answer(scope, question);
  const auto found = std::ranges::find(*scope.known, &question, &KnownAnswers::value_type::first);
  if (found != scope.known->end()) return found->second;
  scope.known->emplace_back(&question, answer(scope, question));
  return scope.known->back().second;
}

std::optional<base::Instant> leaves_window(const Window& window, const EventFact& event) {
  if (window.kind != Window::Kind::kWithin) return std::nullopt;
  return later(later(event.created_at, window.within), base::Millis{1});
}

}  // namespace sojourn::engine
