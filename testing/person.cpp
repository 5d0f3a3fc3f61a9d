#include "testing/person.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/check.h"
#include "engine/send_policy.h"
#include "graph/walk.h"

namespace sojourn::testing {
namespace {

using Kind = Occurrence::Kind;

constexpr std::string_view kSubscribed = "subscribedMessageTypeIds";
constexpr std::string_view kUnsubscribed = "unsubscribedMessageTypeIds";

graph::Value with_id(const graph::Value& list, std::int64_t id, bool present) {
  graph::List ids;
  if (list.kind() == graph::Value::Kind::kList) ids = list.as_list();
  std::erase(ids, graph::Value(id));
  if (present) ids.emplace_back(id);
  return graph::Value(std::move(ids));
}

}  // namespace

Person::Person(WorldContext& world, bool is_other_user)
    : world_(world), is_other_user_(is_other_user), assigned_(world.program.journeys().size()) {}

Occurrence& Person::record(Kind kind, JourneyIndex journey) {
  Occurrence& occurrence = world_.journal.emplace_back();
  occurrence.kind = kind;
  occurrence.at = world_.now;
  occurrence.journey = journey;
  occurrence.of_other_user = is_other_user_;
  return occurrence;
}

// --- The profile ------------------------------------------------------------------

const graph::Value& Person::field(std::string_view name) const {
  const auto found = profile_.find(name);
  return found == profile_.end() ? world_.program.fallback(name) : found->second;
}

graph::Value Person::cleared(std::string_view name) const {
  return world_.program.fallback(name);
}

// Returns whether the profile differs afterwards.
bool Person::set(const graph::Field& field) {
  const auto known = profile_.find(field.first);
  if (field.second.is_missing()) {
    if (known == profile_.end()) return false;
    profile_.erase(known);
    return true;
  }
  if (known != profile_.end() && known->second == field.second) return false;
  profile_.insert_or_assign(field.first, field.second);
  return true;
}

void Person::set_field(const graph::Field& field) {
  set(field);
}

std::vector<graph::Field> Person::with_consent(const graph::MessageType& type,
                                               bool subscribed) const {
  return {{std::string(kSubscribed), with_id(field(kSubscribed), *type.id, subscribed)},
          {std::string(kUnsubscribed), with_id(field(kUnsubscribed), *type.id, !subscribed)}};
}

void Person::assign(JourneyIndex journey, engine::AssignedArm arm) {
  std::vector<engine::AssignedArm>& assigned = assigned_[journey];
  std::erase_if(assigned, [&](const auto& known) { return known.split == arm.split; });
  assigned.push_back(std::move(arm));
}

// --- Inputs -----------------------------------------------------------------------

void Person::event_arrives(std::string name, std::vector<graph::Field> fields,
                           base::Instant created_at) {
  engine::EventFact event;
  event.number = next_event_++;
  event.name = std::move(name);
  event.created_at = created_at;
  event.arrived_at = world_.now;
  event.fields = std::move(fields);
  happenings_.event_arrived(*this, event);
  deliver_all();
}

void Person::profile_changes(const std::vector<graph::Field>& fields) {
  bool changed = false;
  for (const graph::Field& field : fields) changed |= set(field);
  if (!changed) return;
  happenings_.profile_changed(*this);
  deliver_all();
}

std::optional<base::Instant> Person::next_due() const {
  std::optional<base::Instant> earliest;
  for (const Seat& seat : seats_) {
    if (seat.enrollment.exit_reason) continue;
    const auto due = seat.enrollment.next_due();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

void Person::wake() {
  const auto due = next_due();
  for (std::size_t seat = 0; due && seat < seats_.size(); ++seat) {
    if (!is_live(seat) || seats_[seat].enrollment.next_due() != due) continue;
    happenings_.enrollment_input(*this, seat, engine::TimerDue{});
    return deliver_all();
  }
}

std::optional<graph::StepIndex> Person::place_in(JourneyIndex journey) const {
  for (const Seat& seat : seats_) {
    if (seat.journey == journey && !seat.enrollment.exit_reason) return seat.enrollment.at;
  }
  return std::nullopt;
}

// --- What the engine asks -----------------------------------------------------------

void Person::move(std::size_t index, const engine::Input& input) {
  Seat& seat = seats_[index];
  const graph::StepIndex was_at = seat.enrollment.at;
  settle(index, was_at,
         engine::advance(graph_of(seat), std::move(seat.enrollment), facts(seat.journey), input,
                         world_.now));
}

void Person::settle(std::size_t index, graph::StepIndex was_at, engine::Advanced advanced) {
  Seat& seat = seats_[index];
  seat.enrollment = std::move(advanced.enrollment);
  world_.coverage.follow(seat.journey, seat.trail, advanced.effects, seat.enrollment.at);
  carry_out(index, advanced.effects);
  if (seats_[index].enrollment.at != was_at) note_place(index);
}

// --- Entries ----------------------------------------------------------------------

void Person::enter_by(const engine::EventFact& event) {
  for (const JourneyIndex journey : world_.program.entered_by(event.name)) {
    try_entry(journey, event);
  }
}

engine::EarlierEnrollments Person::earlier(const base::Hash128& unit) const {
  engine::EarlierEnrollments earlier;
  for (const Seat& seat : seats_) {
    const engine::Enrollment& enrollment = seat.enrollment;
    if (enrollment.unit != unit) continue;
    if (!enrollment.exit_reason) {
      earlier.inside = true;
    } else {
      count_ended(earlier, *enrollment.exit_reason, enrollment.arrived_at);
    }
  }
  return earlier;
}

std::size_t Person::inside(const base::Hash128& unit) const {
  const auto seat = std::ranges::find_if(seats_, [&](const Seat& s) {
    return s.enrollment.unit == unit && !s.enrollment.exit_reason;
  });
  SOJOURN_CHECK(seat != seats_.end(), "an enrollment of this unit is live");
  return static_cast<std::size_t>(seat - seats_.begin());
}

void Person::try_entry(JourneyIndex journey, const engine::EventFact& event) {
  const graph::Graph& graph = world_.program.journeys()[journey].graph();
  const auto unit = engine::entry_unit(graph, facts(journey), event, world_.now);
  if (!unit) return;
  const engine::EntryVerdict verdict =
      engine::judge_entry(graph, earlier(*unit), facts(journey), event, world_.now);
  switch (verdict.kind) {
    case engine::EntryVerdict::Kind::kRefuse: {
      Occurrence& refused = record(Kind::kRefused, journey);
      refused.subject = event.name;
      refused.detail = verdict.rule;
      return;
    }
    case engine::EntryVerdict::Kind::kUpdate:
      return update_entry(inside(*unit), event);
    case engine::EntryVerdict::Kind::kRestart:
      restart(inside(*unit));
      return enter(journey, *unit, event);
    case engine::EntryVerdict::Kind::kEnter:
      return enter(journey, *unit, event);
  }
}

void Person::update_entry(std::size_t index, const engine::EventFact& event) {
  Seat& seat = seats_[index];
  record(Kind::kEntryUpdated, seat.journey).subject = event.name;
  const graph::StepIndex was_at = seat.enrollment.at;
  settle(index, was_at,
         engine::update_entry(graph_of(seat), std::move(seat.enrollment), facts(seat.journey),
                              event, world_.now));
}

void Person::restart(std::size_t index) {
  Seat& seat = seats_[index];
  const graph::StepIndex was_at = seat.enrollment.at;
  settle(
      index, was_at,
      engine::restart(graph_of(seat), std::move(seat.enrollment), facts(seat.journey), world_.now));
}

void Person::enter(JourneyIndex journey, const base::Hash128& unit,
                   const engine::EventFact& event) {
  const TestedJourney& tested = world_.program.journeys()[journey];
  const auto number = static_cast<std::uint32_t>(seats_.size() + 1);
  engine::Advanced entered = engine::enter(tested.graph(), tested.version, id_, number, unit,
                                           facts(journey), event, world_.now);
  record(Kind::kEntered, journey).subject = event.name;
  seats_.push_back(Seat{journey, {}, {}});
  settle(seats_.size() - 1, graph::kCompleted, std::move(entered));
}

// A message says itself where the person is.
void Person::note_place(std::size_t index) {
  const Seat& seat = seats_[index];
  if (seat.enrollment.exit_reason) return;
  const graph::Step& step = graph_of(seat).steps[seat.enrollment.at];
  if (std::holds_alternative<graph::Send>(step.action)) return;
  record(Kind::kRests, seat.journey).subject = step.identity;
}

void Person::comes_back(const engine::EventFact& event) {
  Occurrence& occurrence = record(Kind::kEvent, Occurrence::kNoJourney);
  occurrence.subject = event.name;
  occurrence.detail = "tracked";
  occurrence.fields = event.fields;
}

void Person::carry_out(std::size_t seat, const std::vector<engine::Effect>& effects) {
  for (const engine::Effect& effect : effects) {
    if (const auto* send = std::get_if<engine::PlanSend>(&effect)) {
      planned_.push_back({seat, send->step, send->occurrence});
    } else if (const auto* change = std::get_if<engine::ChangeProfile>(&effect)) {
      change_profile(seat, *change);
    } else if (const auto* tracked = std::get_if<engine::TrackEvent>(&effect)) {
      track(seat, *tracked);
    } else if (const auto* noted = std::get_if<engine::Note>(&effect)) {
      note(seat, *noted);
    }
    // A CancelSend needs nothing: a planned message finds its enrollment ended.
  }
}

void Person::change_profile(std::size_t seat, const engine::ChangeProfile& change) {
  bool changed = false;
  for (const graph::Field& field : change.fields) changed |= set(field);
  // Nothing is sent to Iterable when there is no news.
  if (!changed) return;
  record(Kind::kUpdate, seats_[seat].journey).fields = change.fields;
  happenings_.cause_profile_change();
}

void Person::track(std::size_t seat, const engine::TrackEvent& track) {
  Occurrence& occurrence = record(Kind::kTrack, seats_[seat].journey);
  occurrence.subject = track.event;
  occurrence.fields = track.fields;
  engine::EventFact event;
  event.number = next_event_++;
  event.name = track.event;
  event.created_at = world_.now;
  event.arrived_at = world_.now;
  event.fields = track.fields;
  if (!happenings_.cause_event(std::move(event))) {
    world_.journal.back().detail = "not fed back: one input caused too many events";
  }
}

void Person::note(std::size_t index, const engine::Note& note) {
  const JourneyIndex journey = seats_[index].journey;
  const graph::Graph& graph = graph_of(seats_[index]);
  switch (note.kind) {
    case engine::Note::Kind::kReached:
      return;
    case engine::Note::Kind::kBranch: {
      Occurrence& way = record(Kind::kWay, journey);
      way.subject = graph.steps[note.step].identity;
      way.detail = note.text;
      return;
    }
    case engine::Note::Kind::kRungBegun:
    case engine::Note::Kind::kRungSkipped: {
      const bool skipped = note.kind == engine::Note::Kind::kRungSkipped;
      const auto& schedule = std::get<graph::Schedule>(graph.steps[note.step].action);
      const graph::Rung& rung = schedule.rungs[note.number];
      Occurrence& way = record(skipped ? Kind::kRungSkipped : Kind::kWay, journey);
      way.subject = graph.steps[note.step].identity;
      way.detail = to_string(rung.offset) + (rung.before ? " before" : " after");
      return;
    }
    case engine::Note::Kind::kExited:
      record(Kind::kExited, journey).detail = note.text;
      return;
  }
}

// --- Messages ---------------------------------------------------------------------

void Person::deliver_all() {
  while (!planned_.empty()) {
    const PlannedSend planned = planned_.front();
    planned_.pop_front();
    deliver(planned);
  }
}

void Person::deliver(const PlannedSend& planned) {
  using Result = engine::DeliveryEnded::Result;
  const Seat& seat = seats_[planned.seat];
  if (seat.enrollment.exit_reason) return;
  const graph::Graph& graph = graph_of(seat);
  const std::string& name = std::get<graph::Send>(graph.steps[planned.step].action).campaign;
  const graph::Campaign& campaign = world_.program.campaign(name);
  const graph::MessageType& type = world_.program.message_type(campaign.message_type);
  auto decided = engine::decide_send(graph, seat.enrollment, planned.step,
                                     engine::send_policy(*this, campaign, type),
                                     facts(seat.journey), world_.now);
  engine::DeliveryEnded ended{planned.step, planned.occurrence, Result::kAccepted, {}};
  if (const auto* skipped = std::get_if<engine::SendSkipped>(&decided)) {
    Occurrence& skip = record(Kind::kSkip, seat.journey);
    skip.subject = name;
    skip.detail = skipped->reason;
    ended.result = skipped->unreachable ? Result::kUnreachable : Result::kSkipped;
    ended.reason = skipped->reason;
  } else {
    Occurrence& sent = record(Kind::kSend, seat.journey);
    sent.subject = name;
    sent.fields = std::move(std::get<engine::SendNow>(decided).data);
  }
  happenings_.enrollment_input(*this, planned.seat, ended);
}

}  // namespace sojourn::testing
