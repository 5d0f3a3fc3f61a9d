// Resting: what a step waits for, and what it makes of what comes.
#include <algorithm>
#include <utility>

#include "tests/oracle/moments.h"
#include "tests/oracle/person.h"

namespace sojourn::oracle {
namespace {

using graph::StepIndex;
using graph::Value;

// So far from a date or a time, and at that time of the day. A date has no time but its
// midnight; what the calendar has no say in has no local time.
std::optional<Aim> aim_at(const calendar::Zone& zone, const Value& time,
                          const graph::Duration& away, bool before,
                          std::optional<graph::TimeOfDay> at) {
  const bool is_date = time.kind() == Value::Kind::kDate;
  if (!is_date && time.kind() != Value::Kind::kTimestamp) return std::nullopt;
  const base::Instant from =
      is_date ? zone.to_instant({time.as_date().days, 0}) : time.as_timestamp();
  const auto moved = shifted(zone, from, away, before);
  if (!moved) return std::nullopt;
  const bool by_calendar = is_date || at || away.months != 0 || away.days != 0;
  Aim aim{true, on_its_day(zone, *moved, at), std::nullopt, zone.name()};
  if (!by_calendar) return aim;
  aim.local = zone.to_local(aim.at);
  if (at) aim.local = calendar::LocalTime{zone.to_local(*moved).day, at->minutes * 60'000};
  return aim;
}

base::Instant reached(const Enrolled& enrolled) {
  return enrolled.visits.back().at;
}

}  // namespace

std::optional<StepIndex> Person::arrive_at_wait(Enrolled& enrolled, const graph::Step& step) {
  const calendar::Zone& zone = zone_of(asker(enrolled), graph_of(enrolled).zone_chain);
  if (const auto* wait = std::get_if<graph::Wait>(&step.action)) {
    const LocalMoment end = end_of_wait(zone, now_, wait->duration, wait->at);
    const bool elapsed = wait->duration.months == 0 && wait->duration.days == 0 && !wait->at;
    enrolled.aim = {true, end.at, elapsed ? std::nullopt : std::optional(end.local), zone.name()};
    return end.at <= now_ ? std::optional(wait->next) : std::nullopt;
  }
  if (const auto* until = std::get_if<graph::WaitUntilTime>(&step.action)) {
    const LocalMoment end = next_time(zone, now_, *until);
    enrolled.aim = {true, end.at, end.local, zone.name()};
    return end.at <= now_ ? std::optional(until->next) : std::nullopt;
  }
  if (const auto* until = std::get_if<graph::WaitUntil>(&step.action)) {
    return follow_wait_until(enrolled, *until, true);
  }
  if (const auto* wait = std::get_if<graph::WaitFor>(&step.action)) {
    if (const auto arm = look_back(enrolled, *wait)) return arm;
    return wait->up_to.count > 0 ? std::nullopt : std::optional(wait->timeout);
  }
  if (const auto* schedule = std::get_if<graph::Schedule>(&step.action)) {
    if (std::ranges::find(enrolled.schedules, enrolled.at, &OpenSchedule::step) ==
        enrolled.schedules.end()) {
      OpenSchedule& open = enrolled.schedules.emplace_back();
      open.step = enrolled.at;
      open.reached = now_;
    }
    return follow_schedule(enrolled, *schedule);
  }
  if (const auto* collect = std::get_if<graph::Collect>(&step.action)) {
    const bool again =
        std::ranges::any_of(enrolled.rounds, [](const auto& repeat) { return repeat.second > 1; });
    if (again) enrolled.gathered.erase(enrolled.at);
    return collect->length.count > 0 ? std::nullopt : std::optional(collect->next);
  }
  if (const auto* call = std::get_if<graph::Call>(&step.action))
    return ask_service(enrolled, *call);
  if (std::holds_alternative<graph::Send>(step.action)) {
    const auto index = static_cast<std::size_t>(&enrolled - enrolled_.data());
    planned_.push_back({index, enrolled.at, now_, now_});
  }
  return std::nullopt;
}

// The zone by which it was chosen; what has no local time is of no zone.
const calendar::Zone& Person::chosen_by(const Aim& aim, const calendar::Zone& now) const {
  return aim.local ? *world_.zones.find(aim.zone) : now;
}

// Does the aim still say what T says, judged by the zone that it was chosen for? Then only
// the clock can have moved it.
std::optional<StepIndex> Person::follow_wait_until(Enrolled& enrolled, const graph::WaitUntil& step,
                                                   bool arrives) {
  const Asker asks = asker(enrolled);
  const calendar::Zone& zone = zone_of(asks, asks.graph.zone_chain);
  const auto aim_in = [&](const calendar::Zone& in) {
    Asker there = asks;
    there.zone = &in;
    return aim_at(in, answer(there, step.time), {}, false, step.at);
  };
  const auto aim = aim_in(zone);
  if (!aim || (step.up_to && aim->at > reached(enrolled) + *step.up_to)) return step.missing;
  if (arrives && aim->at <= now_) return step.past;
  if (!arrives) {
    const auto as_it_was = aim_in(chosen_by(enrolled.aim, zone));
    if (as_it_was && as_it_was->is_like(enrolled.aim)) {
      return due_of(enrolled) <= now_ ? std::optional(step.next) : std::nullopt;
    }
  }
  enrolled.aim = *aim;
  return aim->at <= now_ ? std::optional(step.next) : std::nullopt;
}

// A rung that is due now runs, one whose time has gone by is left out; but a change of the
// zone leaves none out.
std::optional<StepIndex> Person::follow_schedule(Enrolled& enrolled, const graph::Schedule& step) {
  const auto open = std::ranges::find(enrolled.schedules, enrolled.at, &OpenSchedule::step);
  const Asker asks = asker(enrolled);
  const calendar::Zone& zone = zone_of(asks, asks.graph.zone_chain);
  const auto aim_in = [&](const calendar::Zone& in) {
    const graph::Rung& rung = step.rungs[open->next_rung];
    Asker there = asks;
    there.zone = &in;
    return aim_at(in, answer(there, step.around), rung.offset, rung.before, rung.at);
  };
  const auto leave = [&](StepIndex next) {
    enrolled.schedules.erase(open, enrolled.schedules.end());
    return next;
  };
  const auto run = [&] {
    enrolled.aim = {};
    open->running = open->next_rung++;
    return step.rungs[*open->running].body;
  };
  open->running.reset();
  const auto around = aim_at(zone, answer(asks, step.around), {}, false, {});
  if (!around || (step.up_to && around->at > open->reached + *step.up_to)) {
    return leave(step.missing);
  }
  if (enrolled.aim.is_set) {
    const auto as_it_was = aim_in(chosen_by(enrolled.aim, zone));
    if (as_it_was && as_it_was->is_like(enrolled.aim)) {
      return due_of(enrolled) <= now_ ? std::optional(run()) : std::nullopt;
    }
  }
  for (; open->next_rung < step.rungs.size(); ++open->next_rung) {
    const auto aim = aim_in(zone);
    if (!aim || aim->at < now_) continue;
    if (aim->at == now_) return run();
    enrolled.aim = *aim;
    return std::nullopt;
  }
  return leave(step.next);
}

// What came before the wait began: the event that came first decides, and comes before a
// condition that holds now.
std::optional<StepIndex> Person::look_back(Enrolled& enrolled, const graph::WaitFor& step) {
  for (const auto& arm : step.arms) {
    const auto* on = std::get_if<graph::EventArm>(&arm);
    if (on != nullptr && on->bind) enrolled.locals[*on->bind] = Value();
  }
  graph::WaitFor of_the_past = step;
  for (auto& arm : of_the_past.arms) {
    auto* on = std::get_if<graph::EventArm>(&arm);
    // Nothing that is past has happened since here.
    if (on != nullptr && on->since == graph::Since::kHere) on->event.clear();
  }
  for (const Event& event : events_) {
    const bool is_now = event.arrived_at == now_;
    if (const auto next = first_arm(enrolled, of_the_past, &event, is_now)) return next;
  }
  return first_arm(enrolled, step, nullptr, true);
}

// Of several arms at once the first written.
std::optional<StepIndex> Person::first_arm(Enrolled& enrolled, const graph::WaitFor& step,
                                           const Event* event, bool with_conditions) {
  for (const auto& arm : step.arms) {
    if (const auto* when = std::get_if<graph::ConditionArm>(&arm)) {
      if (with_conditions && holds(asker(enrolled), when->condition)) return when->next;
      continue;
    }
    const auto& on = std::get<graph::EventArm>(arm);
    if (event == nullptr || !ends(enrolled, step, on, *event)) continue;
    enrolled.used_events.insert(event->number);
    if (on.bind) {
      graph::Object fields(event->fields.begin(), event->fields.end());
      fields.emplace_back("createdAt", Value(event->created_at));
      std::ranges::sort(fields, {}, &graph::Field::first);
      enrolled.locals[*on.bind] = Value(std::move(fields));
    }
    return on.next;
  }
  return std::nullopt;
}

bool Person::ends(const Enrolled& enrolled, const graph::WaitFor& step, const graph::EventArm& arm,
                  const Event& event) const {
  if (event.name != arm.event || enrolled.used_events.contains(event.number)) return false;
  // What started it ends no wait of it.
  if (event.number == enrolled.entry.number) return false;
  graph::Window window;
  window.kind = arm.since == graph::Since::kEntry ? graph::Window::Kind::kSinceEntry
                                                  : graph::Window::Kind::kSinceStep;
  window.since_step = arm.since == graph::Since::kHere
                          ? graph_of(enrolled).steps[enrolled.at].identity
                          : arm.since_step;
  return event.created_at <= reached(enrolled) + step.up_to &&
         lies_in(asker(enrolled), window, event) &&
         (arm.where == graph::kNoExpr || holds(asker(enrolled, &event), arm.where));
}

}  // namespace sojourn::oracle
