// What starts an enrollment, and what it is to bring about.
#include <algorithm>
#include <utility>

#include "base/civil.h"
#include "calendar/arithmetic.h"
#include "tests/oracle/moments.h"
#include "tests/oracle/person.h"
#include "tests/oracle/values.h"

namespace sojourn::oracle {
namespace {

using graph::Value;

bool is_same_unit(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::ranges::equal(a, b, [](const Value& x, const Value& y) {
    return (x.is_missing() && y.is_missing()) || equal(x, y);
  });
}

// The year's day and time of a yearly date; 29 February falls on the 28th.
calendar::LocalTime in_year(calendar::LocalTime first, std::int64_t year) {
  const base::CivilDay day = base::civil_from_days(first.day);
  const int last = base::days_in_month(year, day.month);
  const std::int64_t there = base::days_from_civil({year, day.month, std::min(day.day, last)});
  return {static_cast<std::int32_t>(there), first.millis};
}

}  // namespace

// --- Dates and conditions -------------------------------------------------------------

// Conditions that hold when somebody is first looked at do not count as having come.
void Person::look_at_watches(bool begins) {
  for (Watched& watched : watched_) {
    const Asker asks = asker_of_nobody(watched.journey, nullptr);
    if (const auto* date = std::get_if<graph::DateEntry>(&watched.entry->rule)) {
      look_at_date(watched, *date, begins);
      continue;
    }
    if (const auto* schedule = std::get_if<graph::ScheduleEntry>(&watched.entry->rule)) {
      look_at_schedule(watched, *schedule);
      continue;
    }
    if (const auto* once = std::get_if<graph::OneTimeEntry>(&watched.entry->rule)) {
      look_at_once(watched, *once, begins);
      continue;
    }
    const bool held = watched.held;
    watched.held = holds(asks, std::get<graph::WhenEntry>(watched.entry->rule).condition);
    if (begins || held || !watched.held) continue;
    comes(watched, now_);
  }
}

void Person::comes(const Watched& watched, base::Instant at) {
  const graph::Graph& graph = *world_.journeys[watched.journey];
  Event event = make_event(graph.entries[watched.entry->entry].event, {});
  event.created_at = at;
  cause_event(std::move(event));
}

// On each of its days once, wherever they are; who is asked is settled when it comes.
void Person::look_at_schedule(Watched& watched, const graph::ScheduleEntry& rule) {
  const Asker asks = asker_of_nobody(watched.journey, nullptr);
  const calendar::Zone& zone = zone_of(asks, asks.graph.zone_chain);
  graph::WaitUntilTime daily;
  daily.day = rule.day;
  daily.from = rule.at;
  if (watched.coming) {
    const auto day = static_cast<std::int32_t>(watched.year);
    const base::Instant moment = zone.to_instant({day, rule.at.minutes * 60'000});
    if (moment <= now_) {
      watched.last_day = day;
      if (holds(asks, rule.condition)) comes(watched, moment);
    }
  }
  LocalMoment next = next_time(zone, now_, daily);
  while (next.local.day <= watched.last_day) next = next_time(zone, next.at, daily);
  watched.coming = next.at;
  watched.year = next.local.day;
}

void Person::look_at_once(Watched& watched, const graph::OneTimeEntry& rule, bool begins) {
  if (begins && rule.at > now_) watched.coming = rule.at;
  if (!watched.coming || rule.at > now_) return;
  watched.coming.reset();
  const Asker asks = asker_of_nobody(watched.journey, nullptr);
  if (holds(asks, rule.condition)) comes(watched, rule.at);
}

// What is expected follows the field and the zone until it comes. What only the zone has put
// into the past comes now; a date that has gone by when it becomes known does not.
void Person::look_at_date(Watched& watched, const graph::DateEntry& rule, bool begins) {
  const Asker asks = asker_of_nobody(watched.journey, nullptr);
  const Value date = answer(asks, rule.date);
  const bool is_another = begins || !(date == watched.date);
  watched.date = date;
  if (!is_another && watched.coming) {
    const base::Instant moment = next_of(asks, rule, date, watched.year)->first;
    if (moment <= now_) {
      comes(watched, moment);
      watched.came = date;
      watched.came_in = watched.year;
    }
  }
  watched.coming.reset();
  const bool came = !rule.every_year && !date.is_missing() && date == watched.came;
  for (std::int64_t year = 0; year < 9'000 && !came; year = watched.year + 1) {
    const auto next = next_of(asks, rule, date, year);
    if (!next) return;
    watched.year = next->second;
    const bool came_this_year = rule.every_year && watched.year == watched.came_in;
    if (next->first > now_ && !came_this_year) watched.coming = next->first;
    if (watched.coming || !rule.every_year) return;
  }
}

// The moment of a date, of a yearly one in that year, or the first when it is earlier.
std::optional<std::pair<base::Instant, std::int64_t>> Person::next_of(const Asker& asks,
                                                                      const graph::DateEntry& rule,
                                                                      const Value& date,
                                                                      std::int64_t wanted) const {
  if (date.is_missing()) return std::nullopt;
  const calendar::Zone& zone = zone_of(asks, asks.graph.zone_chain);
  const calendar::LocalTime first = date.kind() == Value::Kind::kDate
                                        ? calendar::LocalTime{date.as_date().days, 0}
                                        : zone.to_local(date.as_timestamp());
  std::int64_t year = base::civil_from_days(first.day).year;
  base::Instant from =
      date.kind() == Value::Kind::kDate ? zone.to_instant(first) : date.as_timestamp();
  if (rule.every_year) {
    year = std::max(year, wanted);
    from = zone.to_instant(in_year(first, year));
  }
  const auto moved = shifted(zone, from, rule.offset, rule.before);
  if (!moved) return std::nullopt;
  return std::pair(on_its_day(zone, *moved, rule.at), year);
}

// --- Entries ------------------------------------------------------------------------

void Person::enter_by(const Event& event) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < world_.journeys.size(); ++i) order.push_back(i);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const graph::Priority first = world_.journeys[a]->priority;
    const graph::Priority second = world_.journeys[b]->priority;
    return first != second ? first > second : a < b;
  });
  for (const std::size_t journey : order) try_entry(journey, event);
}

void Person::try_entry(std::size_t journey, const Event& event) {
  const graph::Graph& graph = *world_.journeys[journey];
  const Asker asks = asker_of_nobody(journey, &event);
  const bool starts = std::ranges::any_of(graph.entries, [&](const graph::EventEntry& entry) {
    return entry.event == event.name && (entry.where == graph::kNoExpr || holds(asks, entry.where));
  });
  if (!starts) return;
  std::vector<Value> unit;
  for (const graph::ExprId each : graph.one_per) unit.push_back(answer(asks, each));
  const auto inside = std::ranges::find_if(enrolled_, [&](const Enrolled& enrolled) {
    return enrolled.journey == journey && !enrolled.exit && is_same_unit(enrolled.unit, unit);
  });
  if (const auto rule = refusal(journey, unit, event)) return tell(journey, "refused " + *rule);
  const auto place = next_place(journey);
  if (inside == enrolled_.end()) {
    if (!place) return tell(journey, "refused pace");
    return enter(journey, std::move(unit), event, *place);
  }
  const auto index = static_cast<std::size_t>(inside - enrolled_.begin());
  if (graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kUpdate) {
    return update_entry(index, event);
  }
  if (!place) return tell(journey, "refused pace");
  end(index, "restarted");
  enter(journey, std::move(unit), event, *place);
}

// The first moment, not before those of the others, at which fewer than N places lie in the
// stretch of D that ends there. All of them are this user's.
std::optional<base::Instant> Person::next_place(std::size_t journey) const {
  const auto& pace = world_.journeys[journey]->pace;
  const auto known = places_.find(journey);
  if (!pace || known == places_.end()) return now_;
  std::vector<base::Instant> moments{now_};
  for (const base::Instant given : known->second) {
    moments.push_back(given);
    moments.push_back(given + pace->per);
  }
  std::ranges::sort(moments);
  for (const base::Instant moment : moments) {
    if (moment < now_ || moment < known->second.back()) continue;
    const auto taken = std::ranges::count_if(
        known->second, [&](base::Instant given) { return given + pace->per > moment; });
    if (taken >= static_cast<std::ptrdiff_t>(pace->most)) continue;
    if (pace->up_to && moment > now_ + *pace->up_to) return std::nullopt;
    return moment;
  }
  return std::nullopt;
}

// The rule that keeps them out.
std::optional<std::string> Person::refusal(std::size_t journey, const std::vector<Value>& unit,
                                           const Event& event) const {
  const graph::Graph& graph = *world_.journeys[journey];
  std::uint32_t ended = 0;
  std::uint32_t restarts_in_a_row = 0;
  bool inside = false;
  base::Instant last;
  for (const Enrolled& enrolled : enrolled_) {
    if (enrolled.journey != journey || !is_same_unit(enrolled.unit, unit)) continue;
    if (!enrolled.exit) {
      inside = true;
    } else if (*enrolled.exit == "restarted") {
      ++restarts_in_a_row;
    } else {
      ++ended;
      restarts_in_a_row = 0;
      last = enrolled.ended;
    }
  }
  if (inside) {
    const graph::WhileEnrolled& rule = graph.while_enrolled;
    if (rule.kind == graph::WhileEnrolled::Kind::kIgnore) return "enrolled";
    const bool restarts = rule.kind == graph::WhileEnrolled::Kind::kRestart;
    if (restarts && restarts_in_a_row >= rule.times) return "restart_times";
    return std::nullopt;
  }
  if (ended == 0) return std::nullopt;
  const graph::Reentry& rule = graph.reentry;
  if (rule.kind == graph::Reentry::Kind::kNever) return "reenter_never";
  if (rule.times && ended > *rule.times) return "reenter_times";
  if (rule.kind == graph::Reentry::Kind::kAfter) {
    const calendar::Zone& zone = zone_of(asker_of_nobody(journey, &event), graph.zone_chain);
    if (now_ < shifted(zone, last, rule.after, false)) return "reenter_after";
  }
  return std::nullopt;
}

void Person::enter(std::size_t journey, std::vector<Value> unit, const Event& event,
                   base::Instant place) {
  const graph::Graph& graph = *world_.journeys[journey];
  Enrolled enrolled;
  enrolled.journey = journey;
  enrolled.number = static_cast<std::int64_t>(enrolled_.size() + 1);
  enrolled.entry = event;
  enrolled.entered = now_;
  enrolled.unit = std::move(unit);
  enrolled.held_out =
      graph.holdout > 0 && world_.place_of(graph.journey, {}, Value(world_.user)) < graph.holdout;
  enrolled.locals.resize(graph.local_count);
  enrolled.held_since.resize(graph.exits.size());
  if (graph.pace) places_[journey].push_back(place);
  if (place > now_) enrolled.place = place;
  enrolled_.push_back(std::move(enrolled));
  gather(enrolled_.back(), event);
  change_caused_ |= is_asked_about(graph.journey);
  tell(journey, "enter");
  const std::size_t index = enrolled_.size() - 1;
  if (!leave_by_rule(index, nullptr) && place <= now_) go(index, graph.first);
}

void Person::update_entry(std::size_t index, const Event& event) {
  enrolled_[index].entry = event;
  tell(enrolled_[index].journey, "entry updated");
  tell_enrolled(index, nullptr);
}

// --- Goals ------------------------------------------------------------------------

void Person::meet_goals(const Event& event) {
  for (Enrolled& enrolled : enrolled_) {
    const graph::Graph& graph = graph_of(enrolled);
    for (std::size_t i = 0; i < graph.goals.size(); ++i) {
      const graph::Goal& goal = graph.goals[i];
      const bool in_time = happened_before(enrolled.entry, event) &&
                           event.created_at <= enrolled.entry.created_at + goal.within;
      if (goal.event != event.name || !in_time || enrolled.goals_met.contains(i)) continue;
      const Asker asks = asker(enrolled, &event);
      if (goal.where != graph::kNoExpr && !holds(asks, goal.where)) continue;
      enrolled.goals_met.insert(i);
      const Value value = goal.value == graph::kNoExpr ? Value() : answer(asks, goal.value);
      tell(enrolled.journey,
           "goal " + goal.name + (value.is_missing() ? "" : " " + text_of(value)));
    }
  }
}

}  // namespace sojourn::oracle
