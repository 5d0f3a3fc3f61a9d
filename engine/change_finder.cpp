#include "engine/change_finder.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <deque>
#include <utility>

#include "engine/clock_changes.h"
#include "engine/history.h"
#include "engine/membership.h"
#include "engine/operators.h"
#include "engine/zones.h"
#include "graph/graph.h"
#include "graph/operation.h"
#include "graph/time_dependence.h"

namespace sojourn::engine {
namespace {

using base::Instant;
using graph::ExprId;
using graph::Value;

// What a clock shows can lie behind the elapsed time by what a month, or a shift of the zone,
// falls short of another: so much and no more.
constexpr base::Millis kMostLag = base::days24(40);

// The first instant in (before, after] that `is_over`: it is not at `before`, is at `after`, and
// stays so once it is.
template <typename IsOver>
Instant first_instant(Instant before, Instant after, IsOver is_over) {
  while (after.millis - before.millis > 1) {
    const Instant middle{before.millis + (after.millis - before.millis) / 2};
    (is_over(middle) ? after : before) = middle;
  }
  return after;
}

// The first instant after `from` at which the two sides of a comparison stand otherwise
// than at `from`. One side goes with the time, so before it they stand as at `from`.
std::optional<Instant> next_crossing(const Scope& scope, const graph::Expression& comparison,
                                     Instant from) {
  Scope then = scope;
  const auto order = [&](Instant instant) {
    then.now = instant;
    return compare(evaluate(then, comparison.arguments[0]),
                   evaluate(then, comparison.arguments[1]));
  };
  const std::partial_ordering at_first = order(from);
  const auto differs = [&](Instant instant) { return order(instant) != at_first; };
  if (from >= base::kNever || !differs(base::kNever)) return std::nullopt;
  return first_instant(from, base::kNever, differs);
}

// An expression with the event or the item that it is about, inside a question.
struct Place {
  ExprId expression = graph::kNoExpr;
  const EventFact* event = nullptr;
  const Value* item = nullptr;
  // Another expression about the same.
  Place at(ExprId other) const { return {other, event, item}; }
  friend bool operator==(const Place&, const Place&) = default;
};

// A clock that a condition looks at, and the minutes of its day at which it does.
struct Clock {
  Place shows;
  std::vector<std::int32_t> minutes;
};

class ChangeFinder {
 public:
  ChangeFinder(const Scope& scope, Instant from) : scope_(scope), from_(from) {}

  Changes find(ExprId condition) {
    open_.push_back({condition, scope_.event, scope_.item});
    while (!open_.empty()) {
      const Place place = open_.back();
      open_.pop_back();
      const graph::Expression& node = scope_.graph.expressions[place.expression];
      if (!reads_now_here(node, place)) look_into(node, place);
    }
    for (const Clock& clock : clocks_) look_at_clock(clock);
    std::ranges::sort(instants_);
    const auto repeated = std::ranges::unique(instants_);
    instants_.erase(repeated.begin(), repeated.end());
    if (until_) std::erase_if(instants_, [&](Instant instant) { return instant > *until_; });
    return {std::move(instants_), until_};
  }

 private:
  Scope scope_of(const Place& place) const {
    Scope scope = scope_;
    scope.event = place.event;
    scope.item = place.item;
    return scope;
  }

  // Whether the node is one of the ways in which a standing condition may read `now`.
  bool reads_now_here(const graph::Expression& node, const Place& place) {
    if (const auto compared = graph::compares_time_of(scope_.graph, node)) {
      add_minutes(clock_of(place.at(compared->clock)), place.at(compared->with));
      open_.push_back(place.at(compared->with));
      return true;
    }
    if (graph::compares_now(scope_.graph, node)) {
      add_crossings(node, place);
      for (const ExprId side : node.arguments) {
        if (!graph::reads_now(scope_.graph, side)) open_.push_back(place.at(side));
      }
      return true;
    }
    const auto clock = graph::tells_day_of(scope_.graph, node);
    if (clock) clock_of(place.at(*clock));
    return clock.has_value();
  }

  Clock& clock_of(const Place& shows) {
    const auto known = std::ranges::find(clocks_, shows, &Clock::shows);
    return known != clocks_.end() ? *known : clocks_.emplace_back(Clock{shows, {}});
  }

  // The readings at which a comparison with the time turns out otherwise: a minute begins,
  // and it ends.
  void add_minutes(Clock& clock, const Place& compared) {
    const Value value = evaluate(scope_of(compared), compared.expression);
    if (value.kind() != Value::Kind::kTimeOfDay) return;
    clock.minutes.push_back(value.as_time_of_day().minutes);
    clock.minutes.push_back(value.as_time_of_day().minutes + 1);
  }

  // Less, then equal, then greater, or the other way round.
  void add_crossings(const graph::Expression& comparison, const Place& place) {
    const Scope scope = scope_of(place);
    const auto first = next_crossing(scope, comparison, from_);
    if (first) instants_.push_back(*first);
    const auto second = first ? next_crossing(scope, comparison, *first) : std::nullopt;
    if (second) instants_.push_back(*second);
  }

  void look_into(const graph::Expression& node, const Place& place) {
    if (graph::asks_membership(node.op)) add(leaves_membership(scope_, node));
    if (graph::asks_history(node.op)) {
      look_at_events(node, place);
    } else if (graph::asks_list(node.op)) {
      look_at_items(node, place);
    } else {
      open_arguments(node, place);
    }
  }

  // Of a question that does not read `now`, the answer for an event is what it is: one look
  // inside, for the windows that stand there, is enough.
  void look_at_events(const graph::Expression& question, const Place& place) {
    const bool each = reads_now(question);
    if (!each) open_arguments(question, place);
    for (const EventFact& event : scope_.history) {
      if (event.name != question.name) continue;
      add(leaves_window(question.window, event));
      if (each) open_arguments(question, {place.expression, &event, place.item});
    }
  }

  void look_at_items(const graph::Expression& question, const Place& place) {
    if (!reads_now(question)) return open_arguments(question, place);
    open_.push_back(place.at(question.arguments[0]));
    lists_.push_back(evaluate(scope_of(place), question.arguments[0]));
    if (lists_.back().kind() != Value::Kind::kList) return;
    for (const Value& item : lists_.back().as_list()) {
      for (std::size_t i = 1; i < question.arguments.size(); ++i) {
        open_.push_back({question.arguments[i], place.event, &item});
      }
    }
  }

  void open_arguments(const graph::Expression& node, const Place& place) {
    for (const ExprId argument : node.arguments) open_.push_back(place.at(argument));
  }

  bool reads_now(const graph::Expression& question) const {
    return std::ranges::any_of(question.arguments, [&](ExprId argument) {
      return graph::reads_now(scope_.graph, argument);
    });
  }

  void look_at_clock(const Clock& clock) {
    const calendar::Zone& zone = journey_zone(scope_);
    Scope then = scope_of(clock.shows);
    const auto shown_at = [&](Instant instant) -> std::optional<Instant> {
      then.now = instant;
      const Value shown = evaluate(then, clock.shows.expression);
      if (shown.kind() == Value::Kind::kTimestamp) return shown.as_timestamp();
      if (shown.kind() != Value::Kind::kDate) return std::nullopt;
      return zone.to_instant({shown.as_date().days, 0});
    };
    const auto first = shown_at(from_);
    if (!first) return;
    const ClockChanges changes = clock_changes(zone, *first, clock.minutes);
    const auto when_shown = [&](Instant reading) {
      const Instant latest = from_ + (reading - *first) + kMostLag;
      return first_instant(from_, latest, [&](Instant instant) {
        const auto shown = shown_at(instant);
        return !shown || *shown >= reading;
      });
    };
    const bool is_now = scope_.graph.expressions[clock.shows.expression].op == graph::Op::kNow;
    for (const Instant reading : changes.instants) {
      instants_.push_back(is_now ? reading : when_shown(reading));
    }
    const Instant until = is_now ? changes.until : when_shown(changes.until);
    until_ = std::min(until_.value_or(until), until);
  }

  void add(std::optional<Instant> leaves) {
    if (leaves && *leaves > from_) instants_.push_back(*leaves);
  }

  const Scope& scope_;
  const Instant from_;
  std::vector<Place> open_;
  std::vector<Instant> instants_;
  std::vector<Clock> clocks_;
  std::deque<Value> lists_;  // of the items that are pointed to
  std::optional<Instant> until_;
};

}  // namespace

Changes find_changes(const Scope& scope, ExprId condition, Instant from) {
  return ChangeFinder(scope, from).find(condition);
}

}  // namespace sojourn::engine
