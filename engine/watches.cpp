#include "engine/watches.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/civil.h"
#include "calendar/arithmetic.h"
#include "engine/aim.h"
#include "engine/day_rule.h"
#include "engine/evaluate.h"
#include "engine/newcomers.h"
#include "engine/standing.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

using Kind = graph::Value::Kind;
using graph::DateEntry;
using graph::OneTimeEntry;
using graph::ScheduleEntry;
using graph::WhenEntry;

// No change of the zone, or of its rules, moves a moment by more.
constexpr base::Millis kMostMoved = base::days24(2);

// No enrollment has begun.
Scope scope_of(const WatchRule& rule, const Facts& facts, base::Instant now) {
  return Scope{.graph = *rule.graph,
               .profile = facts.profile,
               .zones = facts.zones,
               .entry_fields = {},
               .entry_created_at = now,
               .locals = {},
               .now = now,
               .event = nullptr,
               .history = facts.history,
               .entry_event = 0,
               .reached = {},
               .memberships = facts.memberships};
}

// `offset` away from a local time. By the calendar alone it stays what the clock reads,
// also where the zone does not show the reading it began with.
std::optional<base::Instant> moved(const calendar::Zone& zone, calendar::LocalTime from,
                                   const DateEntry& rule) {
  if (rule.offset.millis != 0) {
    return aim(zone, zone.to_instant(from), rule.offset, rule.before, rule.at).due;
  }
  const int sign = rule.before ? -1 : 1;
  auto local = calendar::add(from, sign * rule.offset.months, sign * rule.offset.days);
  if (!local) return std::nullopt;
  if (rule.at) local = on_day(zone, *local, *rule.at);
  return aim_at(zone, *local).due;
}

// The same day of another year; 29 February falls on the 28th.
calendar::LocalTime in_year(calendar::LocalTime from, std::int64_t year) {
  base::CivilDay day = base::civil_from_days(from.day);
  day.year = year;
  day.day = std::min(day.day, base::days_in_month(year, day.month));
  return {static_cast<std::int32_t>(base::days_from_civil(day)), from.millis};
}

// The field's value: days or milliseconds since 1970; none when it is no date.
std::optional<std::int64_t> number_of(const graph::Value& date) {
  if (date.kind() == Kind::kDate) return date.as_date().days;
  if (date.kind() == Kind::kTimestamp) return date.as_timestamp().millis;
  return std::nullopt;
}

struct Moment {
  base::Instant at;
  std::int64_t of = 0;  // Watch::last, once it has come
};

std::optional<Moment> next_of_years(const calendar::Zone& zone, calendar::LocalTime first,
                                    const DateEntry& rule, base::Instant after,
                                    std::optional<std::int64_t> last) {
  constexpr std::int64_t kLastYear = 9999;
  const std::int64_t first_year = base::civil_from_days(first.day).year;
  const std::int64_t year = base::civil_from_days(zone.to_local(after).day).year;
  // `offset` is less than a year, and so is a year's moment away from its year.
  const std::int64_t from = std::max(first_year, year - 2);
  for (std::int64_t y = from; y <= std::min(std::max(from, year + 2), kLastYear); ++y) {
    const auto moment = moved(zone, in_year(first, y), rule);
    if (moment && *moment > after && y != last) return Moment{*moment, y};
  }
  return std::nullopt;
}

// The first moment of `date` after `after`; none when it has gone by.
std::optional<Moment> next_moment(const calendar::Zone& zone, const graph::Value& date,
                                  const DateEntry& rule, base::Instant after,
                                  std::optional<std::int64_t> last) {
  std::optional<base::Instant> moment;
  if (date.kind() == Kind::kDate) {
    const calendar::LocalTime midnight{date.as_date().days, 0};
    if (rule.every_year) return next_of_years(zone, midnight, rule, after, last);
    moment = moved(zone, midnight, rule);
  } else {
    const base::Instant time = date.as_timestamp();
    if (rule.every_year) return next_of_years(zone, zone.to_local(time), rule, after, last);
    moment = aim(zone, time, rule.offset, rule.before, rule.at).due;
  }
  const std::int64_t of = *number_of(date);
  if (!moment || *moment <= after || of == last) return std::nullopt;
  return Moment{*moment, of};
}

WatchLook look(const Scope& scope, const DateEntry& rule, const Watch& before,
               base::Instant /*since*/) {
  WatchLook out;
  out.watch.last = before.last;
  const graph::Value date = evaluate(scope, rule.date);
  const auto number = number_of(date);
  if (!number) return out;
  const calendar::Zone& zone = journey_zone(scope);
  // While the field is as it was, only the clock of the zone can have moved the moment:
  // what that puts into the past is due, and what it puts into the future is not.
  if (before.due && before.date == number) {
    const auto came = next_moment(zone, date, rule, *before.due - kMostMoved, before.last);
    if (came && came->at <= scope.now) {
      out.entered = came->at;
      out.watch.last = came->of;
    }
  }
  const auto next = next_moment(zone, date, rule, scope.now, out.watch.last);
  if (!next) return out;
  out.watch.due = next->at;
  out.watch.date = number;
  return out;
}

WatchLook look(const Scope& scope, const WhenEntry& rule, const Watch& before,
               base::Instant /*since*/) {
  WatchLook out;
  out.watch.holds = holds(scope, rule.condition);
  out.watch.due = next_answer(scope, rule.condition, !out.watch.holds, base::kNever);
  if (out.watch.holds && !before.holds) out.entered = scope.now;
  return out;
}

// The day that was to come stays the one to come, whatever becomes of the zone, unless it
// lies ahead still: then an earlier day that has not come may lie ahead, too. Days that went
// by unseen, behind the first, do not come any more.
WatchLook look(const Scope& scope, const ScheduleEntry& rule, const Watch& before,
               base::Instant since) {
  WatchLook out;
  out.watch.last = before.last;
  const calendar::Zone& zone = journey_zone(scope);
  if (before.due && before.date) {
    const auto day = static_cast<std::int32_t>(*before.date);
    const base::Instant moment = aim_at(zone, calendar::at_time({day, 0}, rule.at.minutes)).due;
    if (falls_on(rule.day, day) && moment <= scope.now) {
      out.watch.last = day;
      if (holds(scope, rule.condition)) out.entered = moment;
    }
  }
  const auto next = next_reading(zone, rule.day, rule.at, since, out.watch.last);
  if (!next) return out;
  out.watch.due = aim_at(zone, *next).due;
  out.watch.date = next->day;
  return out;
}

WatchLook look(const Scope& scope, const OneTimeEntry& rule, const Watch& before,
               base::Instant since) {
  WatchLook out;
  const bool is_to_come = before.due || (!before.last && rule.at > since);
  if (is_to_come && (!before.due || rule.at > scope.now)) {
    out.watch.due = rule.at;
    return out;
  }
  out.watch.last = rule.at.millis;
  if (is_to_come && holds(scope, rule.condition)) out.entered = rule.at;
  return out;
}

bool is_recurring(const WatchRule& rule) {
  return std::holds_alternative<ScheduleEntry>(rule.what().rule);
}

}  // namespace

WatchLook look_at(const WatchRule& rule, const Watch& before, const Facts& facts, base::Instant now,
                  base::Instant since) {
  const Scope scope = scope_of(rule, facts, now);
  return std::visit([&](const auto& what) { return look(scope, what, before, since); },
                    rule.what().rule);
}

// A schedule that is known was perhaps looked at by another zone chain or list of workdays.
void Watches::begin(const WatchPlan& plan, const Facts& facts, base::Instant now,
                    std::span<const base::Instant> since) {
  if (std::exchange(begun_, true)) return;
  to_be_stored_ = true;
  std::vector<KnownWatch> before = std::exchange(known_, {});
  auto next = before.begin();
  for (RuleIndex rule = 0; rule < plan.rules().size(); ++rule) {
    if (next != before.end() && next->rule == rule) {
      if (is_recurring(plan.rules()[rule])) changed_.push_back(rule);
      known_.push_back(*next++);
      continue;
    }
    const base::Instant waited_since = since.empty() ? now : since[rule];
    const Watch watch = look_at(plan.rules()[rule], Watch{}, facts, now, waited_since).watch;
    if (watch != Watch{}) known_.push_back({rule, watch});
  }
  find_next_due();
}

void Watches::begin(const WatchPlan& plan, const Newcomers& newcomers, const Facts& facts,
                    base::Instant now) {
  if (std::exchange(begun_, true)) return;
  to_be_stored_ = true;
  known_ = newcomers.alike;
  for (const RuleIndex rule : newcomers.others) {
    set(rule, look_at(plan.rules()[rule], Watch{}, facts, now, now).watch);
  }
  find_next_due();
}

void Watches::field_changed(const WatchPlan& plan, std::string_view field) {
  const auto readers = plan.reading_field(field);
  changed_.insert(changed_.end(), readers.begin(), readers.end());
}

void Watches::event_kept(const WatchPlan& plan, std::string_view event) {
  const auto readers = plan.reading_event(event);
  changed_.insert(changed_.end(), readers.begin(), readers.end());
}

void Watches::membership_changed(const WatchPlan& plan) {
  const auto readers = plan.reading_memberships();
  changed_.insert(changed_.end(), readers.begin(), readers.end());
}

void Watches::zone_rules_changed(const WatchPlan& plan) {
  for (RuleIndex rule = 0; rule < plan.rules().size(); ++rule) changed_.push_back(rule);
}

void Watches::join(const Watches& other) {
  for (const auto& [rule, theirs] : other.known_) {
    const Place place = place_of(rule);
    const bool is_known = place != known_.end() && place->rule == rule;
    Watch joined = is_known ? place->watch : Watch{};
    joined.holds = joined.holds || theirs.holds;
    if (!joined.last) joined.last = theirs.last;
    set(rule, joined);
    changed_.push_back(rule);
  }
}

std::optional<base::Instant> Watches::next_due_but_recurring(const WatchPlan& plan) const {
  std::optional<base::Instant> earliest;
  for (const auto& [rule, watch] : known_) {
    if (!watch.due || is_recurring(plan.rules()[rule])) continue;
    if (!earliest || *watch.due < *earliest) earliest = watch.due;
  }
  return earliest;
}

bool Watches::wants_look(base::Instant now) const {
  return !changed_.empty() || (next_due_ && *next_due_ <= now);
}

std::vector<Watches::Came> Watches::take(const WatchPlan& plan, const Facts& facts,
                                         base::Instant now) {
  std::vector<RuleIndex> rules = std::exchange(changed_, {});
  if (!begun_) return {};
  if (next_due_ && *next_due_ <= now) {
    for (const auto& [rule, watch] : known_) {
      if (watch.due && *watch.due <= now) rules.push_back(rule);
    }
  }
  std::ranges::sort(rules);
  const auto repeated = std::ranges::unique(rules);
  rules.erase(repeated.begin(), repeated.end());
  std::vector<Came> came;
  for (const RuleIndex rule : rules) {
    const Place place = place_of(rule);
    const bool is_known = place != known_.end() && place->rule == rule;
    const WatchLook looked =
        look_at(plan.rules()[rule], is_known ? place->watch : Watch{}, facts, now, now);
    set(rule, looked.watch);
    if (looked.entered) came.push_back({rule, *looked.entered});
  }
  find_next_due();
  return came;
}

Watches::Place Watches::place_of(RuleIndex rule) {
  return std::ranges::lower_bound(known_, rule, {}, &KnownWatch::rule);
}

void Watches::set(RuleIndex rule, const Watch& watch) {
  const Place place = place_of(rule);
  const bool is_known = place != known_.end() && place->rule == rule;
  if (is_known ? place->watch == watch : watch == Watch{}) return;
  to_be_stored_ = true;
  if (!is_known) {
    known_.insert(place, {rule, watch});
  } else if (watch == Watch{}) {
    known_.erase(place);
  } else {
    place->watch = watch;
  }
}

void Watches::find_next_due() {
  next_due_.reset();
  for (const KnownWatch& known : known_) {
    const auto& due = known.watch.due;
    if (due && (!next_due_ || *due < *next_due_)) next_due_ = due;
  }
}

void Watches::restore(std::vector<KnownWatch> known, bool all_known) {
  std::erase_if(known, [](const KnownWatch& each) { return each.watch == Watch{}; });
  std::ranges::sort(known, {}, &KnownWatch::rule);
  known_ = std::move(known);
  begun_ = all_known;
  find_next_due();
}

}  // namespace sojourn::engine
