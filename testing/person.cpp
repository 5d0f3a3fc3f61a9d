#include "testing/person.h"

#include <algorithm>
#include <fmt/core.h>
#include <tuple>
#include <utility>
#include <variant>

#include "base/check.h"
#include "engine/fan_out.h"
#include "engine/goals.h"
#include "engine/send_policy.h"
#include "graph/reserved.h"
#include "graph/walk.h"

namespace sojourn::testing {
namespace {

// Why somebody is not let in whose place would be too far off.
constexpr std::string_view kPaceRule = "pace";
// And who goes round without end.
constexpr std::string_view kEndlessRule = "endless";

}  // namespace

Person::Person(const WorldContext& world, Watcher& watcher)
    : world_(world),
      watcher_(watcher),
      entries_(world.program.journeys().size()),
      assigned_(world.program.journeys().size()) {}

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
  } else {
    if (known != profile_.end() && known->second == field.second) return false;
    profile_.insert_or_assign(field.first, field.second);
  }
  watches_.field_changed(world_.program.watch_plan(), field.first);
  return true;
}

void Person::set_field(const graph::Field& field) {
  set(field);
}

void Person::assign(JourneyIndex journey, engine::AssignedArm arm) {
  std::vector<engine::AssignedArm>& assigned = assigned_[journey];
  std::erase_if(assigned, [&](const auto& known) { return known.split == arm.split; });
  assigned.push_back(std::move(arm));
}

// --- Time --------------------------------------------------------------------------

std::optional<base::Instant> Person::next_timer() const {
  std::optional<base::Instant> earliest = watches_.next_due();
  for (const Enrolled& enrolled : enrolled_) {
    if (enrolled.enrollment.exit_reason) continue;
    const auto due = enrolled.enrollment.next_due();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

std::optional<base::Instant> Person::next_due() const {
  std::optional<base::Instant> earliest = next_timer();
  if (!planned_calls_.empty() && (!earliest || world_.now < *earliest)) earliest = world_.now;
  for (const PlannedSend& planned : planned_) {
    if (!earliest || planned.due < *earliest) earliest = planned.due;
  }
  return earliest;
}

bool Person::waits() const {
  return !planned_.empty() || std::ranges::any_of(enrolled_, [](const Enrolled& enrolled) {
    return !enrolled.enrollment.exit_reason;
  });
}

// A timer due at t comes before a message that was put off to t.
void Person::wake() {
  const auto due = next_timer();
  if (due && *due <= world_.now && watches_.next_due() == due) {
    happenings_.moment_came(*this);
    return deliver_all();
  }
  for (std::size_t i = 0; due && *due <= world_.now && i < enrolled_.size(); ++i) {
    if (!is_live(i) || enrolled_[i].enrollment.next_due() != due) continue;
    happenings_.enrollment_input(*this, i, engine::TimerDue{});
    break;
  }
  deliver_all();
}

std::optional<graph::StepIndex> Person::place_in(JourneyIndex journey) const {
  for (const auto& [index, enrollment, queued] : enrolled_) {
    if (index == journey && !enrollment.exit_reason && !enrollment.queued) return enrollment.at;
  }
  return std::nullopt;
}

bool Person::is_in(JourneyIndex journey) const {
  return std::ranges::any_of(enrolled_, [&](const Enrolled& enrolled) {
    return enrolled.journey == journey && !enrolled.enrollment.exit_reason;
  });
}

// --- Memberships ------------------------------------------------------------------

const graph::MessageType* Person::message_type(std::string_view name) const {
  return &world_.program.message_type(name);
}

bool Person::in_journey(std::string_view journey) const {
  return std::ranges::any_of(enrolled_, [&](const Enrolled& enrolled) {
    return graph_of(enrolled).journey == journey && !enrolled.enrollment.exit_reason;
  });
}

std::optional<base::Instant> Person::left_at(std::string_view journey,
                                             std::string_view reason) const {
  std::optional<base::Instant> last;
  for (const Enrolled& enrolled : enrolled_) {
    const engine::Enrollment& enrollment = enrolled.enrollment;
    if (graph_of(enrolled).journey != journey || !enrollment.exit_reason) continue;
    if (!reason.empty() && *enrollment.exit_reason != reason) continue;
    if (!last || *last < enrollment.arrived_at) last = enrollment.arrived_at;
  }
  return last;
}

void Person::membership_changed(const Enrolled& enrolled) {
  if (!world_.program.is_asked_about(enrolled.journey)) return;
  watches_.membership_changed(world_.program.watch_plan());
  happenings_.cause_profile_change();
}

// --- What the engine asks -----------------------------------------------------------

void Person::move(std::size_t index, const engine::Input& input) {
  Enrolled& enrolled = enrolled_[index];
  const graph::StepIndex was_at = enrolled.enrollment.at;
  settle(index, was_at,
         engine::advance(graph_of(enrolled), std::move(enrolled.enrollment),
                         facts(enrolled.journey), input, world_.now));
}

void Person::settle(std::size_t index, graph::StepIndex was_at, engine::Advanced advanced) {
  Enrolled& enrolled = enrolled_[index];
  const bool was_queued = enrolled.queued;
  enrolled.enrollment = std::move(advanced.enrollment);
  enrolled.queued = enrolled.enrollment.queued;
  // In the queue no step has been reached.
  watcher_.turned(seat(index), advanced.effects,
                  enrolled.queued ? graph::kCompleted : enrolled.enrollment.at);
  carry_out(index, advanced.effects);
  const Enrolled& now = enrolled_[index];
  if (now.enrollment.exit_reason) membership_changed(now);
  if (now.enrollment.at != was_at || was_queued != now.queued) tell_place(index);
}

// --- Entries ----------------------------------------------------------------------

void Person::meet_goals(const engine::EventFact& event) {
  for (std::size_t i = 0; i < enrolled_.size(); ++i) {
    Enrolled& enrolled = enrolled_[i];
    const graph::Graph& graph = graph_of(enrolled);
    if (graph.goals.empty()) continue;
    const auto met =
        engine::meet_goals(graph, enrolled.enrollment, facts(enrolled.journey), event, world_.now);
    for (const engine::GoalMet& each : met) watcher_.met_goal(seat(i), each);
  }
}

void Person::enter_by(const engine::EventFact& event) {
  for (const JourneyIndex journey : world_.program.entered_by(event.name)) {
    try_entry(journey, event);
  }
}

engine::EarlierEnrollments Person::earlier(const base::Hash128& unit) const {
  engine::EarlierEnrollments earlier;
  for (const auto& [journey, enrollment, queued] : enrolled_) {
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
  const auto live = std::ranges::find_if(enrolled_, [&](const Enrolled& enrolled) {
    return enrolled.enrollment.unit == unit && !enrolled.enrollment.exit_reason;
  });
  SOJOURN_CHECK(live != enrolled_.end(), "an enrollment of this unit is live");
  return static_cast<std::size_t>(live - enrolled_.begin());
}

// One entry more, now.
bool Person::is_endless(JourneyIndex journey) {
  EntriesAtOnce& entries = entries_[journey];
  if (entries.at != world_.now) entries = {world_.now, 0};
  if (++entries.count <= kMaxEntriesAtOnce) return false;
  if (!endless_) endless_ = journey;
  return true;
}

void Person::try_entry(JourneyIndex journey, const engine::EventFact& event) {
  const graph::Graph& graph = world_.program.journeys()[journey].graph();
  const auto unit = engine::entry_unit(graph, facts(journey), event, world_.now);
  if (!unit) return;
  const engine::EntryVerdict verdict =
      engine::judge_entry(graph, earlier(*unit), facts(journey), event, world_.now);
  using Kind = engine::EntryVerdict::Kind;
  const bool enters = verdict.kind == Kind::kEnter || verdict.kind == Kind::kRestart;
  if (enters && is_endless(journey)) return watcher_.refused(journey, event, kEndlessRule);
  switch (verdict.kind) {
    case Kind::kRefuse:
      return watcher_.refused(journey, event, verdict.rule);
    case Kind::kUpdate:
      return update_entry(inside(*unit), event);
    case Kind::kRestart:
      // Who would not be let in again stays.
      if (!next_place(journey)) return watcher_.refused(journey, event, kPaceRule);
      restart(inside(*unit));
      return enter(journey, *unit, event);
    case Kind::kEnter:
      return enter(journey, *unit, event);
  }
}

std::optional<base::Instant> Person::next_place(JourneyIndex journey) const {
  const auto& pace = world_.program.journeys()[journey].graph().pace;
  if (!pace || world_.places == nullptr) return world_.now;
  return engine::next_place(*pace, world_.places->at(journey), world_.now);
}

void Person::update_entry(std::size_t index, const engine::EventFact& event) {
  Enrolled& enrolled = enrolled_[index];
  watcher_.entry_updated(seat(index), event);
  const graph::StepIndex was_at = enrolled.enrollment.at;
  settle(index, was_at,
         engine::update_entry(graph_of(enrolled), std::move(enrolled.enrollment),
                              facts(enrolled.journey), event, world_.now));
}

void Person::restart(std::size_t index) {
  Enrolled& enrolled = enrolled_[index];
  const graph::StepIndex was_at = enrolled.enrollment.at;
  settle(index, was_at,
         engine::restart(graph_of(enrolled), std::move(enrolled.enrollment),
                         facts(enrolled.journey), world_.now));
}

void Person::enter(JourneyIndex journey, const base::Hash128& unit,
                   const engine::EventFact& event) {
  const TestedJourney& tested = world_.program.journeys()[journey];
  const auto place = next_place(journey);
  if (!place) return watcher_.refused(journey, event, kPaceRule);
  if (tested.graph().pace && world_.places != nullptr) {
    engine::take_place(*tested.graph().pace, world_.places->at(journey), *place);
  }
  const auto number = static_cast<std::uint32_t>(enrolled_.size() + 1);
  engine::Advanced entered = engine::enter(tested.graph(), tested.version, id_, number, unit,
                                           facts(journey), event, world_.now, place);
  enrolled_.push_back({journey, {}, false});
  membership_changed(enrolled_.back());
  watcher_.entered(seat(enrolled_.size() - 1), event);
  settle(enrolled_.size() - 1, graph::kCompleted, std::move(entered));
}

// A message says itself where the person is, and a call when it is made.
void Person::tell_place(std::size_t index) {
  const Enrolled& enrolled = enrolled_[index];
  if (enrolled.enrollment.exit_reason) return;
  if (enrolled.queued) return watcher_.queued(seat(index));
  const graph::StepIndex at = enrolled.enrollment.at;
  const auto& action = graph_of(enrolled).steps[at].action;
  if (std::holds_alternative<graph::Send>(action) || std::holds_alternative<graph::Call>(action)) {
    return;
  }
  watcher_.rests(seat(index), at);
}

void Person::comes_back(const engine::EventFact& event) {
  // `start` has said the one, and the entry says the other.
  if (!graph::journey_of_api_event(event.name).empty() || graph::is_watch_event(event.name)) return;
  watcher_.came_back(event);
}

void Person::carry_out(std::size_t index, const std::vector<engine::Effect>& effects) {
  for (const engine::Effect& effect : effects) {
    if (const auto* send = std::get_if<engine::PlanSend>(&effect)) {
      planned_.push_back({index, send->step, send->occurrence, world_.now, world_.now});
    } else if (const auto* cancel = std::get_if<engine::CancelSend>(&effect)) {
      take_back(index, cancel->step);
    } else if (const auto* change = std::get_if<engine::ChangeProfile>(&effect)) {
      change_profile(index, *change);
    } else if (const auto* tracked = std::get_if<engine::TrackEvent>(&effect)) {
      track(index, *tracked);
    } else if (const auto* called = std::get_if<engine::CallWebhook>(&effect)) {
      planned_calls_.push_back({index, *called});
    } else if (const auto* started = std::get_if<engine::StartJourney>(&effect)) {
      start(index, *started);
    } else if (const auto* list = std::get_if<engine::ChangeList>(&effect)) {
      change_list(index, *list);
    } else if (const auto* consent = std::get_if<engine::ChangeSubscription>(&effect)) {
      change_subscription(index, *consent);
    } else if (const auto* note = std::get_if<engine::Note>(&effect)) {
      watcher_.noted(seat(index), *note);
    }
  }
}

void Person::change_profile(std::size_t index, const engine::ChangeProfile& change) {
  auto changes = apply(change.fields);
  // Nothing is sent to Iterable when there is no news.
  if (!changes) return;
  watcher_.wrote(seat(index), change.fields);
  cause(std::move(*changes));
}

void Person::cause(std::vector<engine::EventFact> changes) {
  happenings_.cause_profile_change();
  for (engine::EventFact& fact : changes) happenings_.cause_change(std::move(fact));
}

// Who is known to be on the list is not put on it again; who is not may be on it all the same.
void Person::change_list(std::size_t index, const engine::ChangeList& change) {
  auto changes = set_on_list(change.list, change.joins);
  if (changes || !change.joins) watcher_.changed_list(seat(index), change);
  if (changes) cause(std::move(*changes));
}

void Person::change_subscription(std::size_t index, const engine::ChangeSubscription& change) {
  const graph::MessageType& type = world_.program.message_type(change.message_type);
  if (change.subscribes && graph::is_asked_first(type)) {
    if (!engine::is_subscribed(*this, type)) watcher_.changed_subscription(seat(index), change);
    return;
  }
  auto changes = apply(engine::with_subscription(*this, type, change.subscribes));
  if (!changes) return;
  watcher_.changed_subscription(seat(index), change);
  cause(std::move(*changes));
}

void Person::track(std::size_t index, const engine::TrackEvent& track) {
  const graph::FanOut* rule = world_.program.fan_out(track.event);
  // What no journey looks at happens to nobody.
  const bool is_own = world_.program.is_heard(track.event) &&
                      (rule == nullptr || engine::is_for(*rule, *this, track.fields));
  const bool fed_back = !is_own || happenings_.cause_event(event_now(track.event, track.fields));
  watcher_.tracked(seat(index), track, fed_back);
}

void Person::make_calls() {
  for (const auto& [index, call] : std::exchange(planned_calls_, {})) {
    const engine::Enrollment& enrollment = enrolled_[index].enrollment;
    if (!engine::call_open_until(enrollment, call.step, call.occurrence)) continue;
    watcher_.called(seat(index), call);
    watcher_.rests(seat(index), call.step);
    calls_.push_back({call.webhook, {index, call.step, call.occurrence}});
  }
}

bool Person::answer_call(std::string_view webhook, std::optional<std::vector<graph::Field>> reply) {
  return answer_first([&](const OpenCall& call) { return call.webhook == webhook; },
                      std::move(reply));
}

bool Person::answer_call(const CallMade& made, std::optional<std::vector<graph::Field>> reply) {
  return answer_first([&](const OpenCall& call) { return call.made == made; }, std::move(reply));
}

// A call that was given up may be of a step that has been reached once more since.
template <class Is>
bool Person::answer_first(Is is, std::optional<std::vector<graph::Field>> reply) {
  std::erase_if(calls_, [&](const OpenCall& call) {
    return !engine::call_open_until(enrolled_[call.made.seat].enrollment, call.made.step,
                                    call.made.occurrence);
  });
  const auto open = std::ranges::find_if(calls_, is);
  if (open == calls_.end()) return false;
  const CallMade made = open->made;
  calls_.erase(open);
  happenings_.enrollment_input(*this, made.seat,
                               engine::CallAnswered{made.step, made.occurrence, std::move(reply)});
  deliver_all();
  return true;
}

void Person::start(std::size_t index, const engine::StartJourney& start) {
  const bool carried_out =
      happenings_.cause_event(event_now(graph::api_event(start.journey), start.fields));
  watcher_.started(seat(index), start, carried_out);
}

// --- Messages ---------------------------------------------------------------------

void Person::take_back(std::size_t index, graph::StepIndex step) {
  const auto taken = std::erase_if(planned_, [&](const PlannedSend& planned) {
    return planned.index == index && planned.step == step;
  });
  if (taken > 0) watcher_.taken_back(seat(index), step);
}

// By priority, then by when the message was first wanted.
std::deque<Person::PlannedSend>::iterator Person::first_in_queue() {
  const auto goes_first = [&](const PlannedSend& a, const PlannedSend& b) {
    const graph::Graph& first = graph_of(enrolled_[a.index]);
    const graph::Graph& second = graph_of(enrolled_[b.index]);
    if (first.priority != second.priority) return first.priority > second.priority;
    return std::tie(a.planned_at, first.journey, a.index) <
           std::tie(b.planned_at, second.journey, b.index);
  };
  auto first = planned_.end();
  for (auto it = planned_.begin(); it != planned_.end(); ++it) {
    if (it->due > world_.now) continue;
    if (first == planned_.end() || goes_first(*it, *first)) first = it;
  }
  return first;
}

void Person::deliver_all() {
  make_calls();
  for (auto next = first_in_queue(); next != planned_.end(); next = first_in_queue()) {
    const PlannedSend planned = *next;
    planned_.erase(next);
    deliver(planned);
    make_calls();
  }
}

void Person::deliver(PlannedSend planned) {
  using Result = engine::DeliveryEnded::Result;
  const Enrolled& enrolled = enrolled_[planned.index];
  const Seat place = seat(planned.index);
  if (enrolled.enrollment.exit_reason) return watcher_.taken_back(place, planned.step);
  const graph::Graph& graph = graph_of(enrolled);
  const std::string& name = std::get<graph::Send>(graph.steps[planned.step].action).campaign;
  const graph::Campaign& campaign = world_.program.campaign(name);
  const graph::MessageType& type = world_.program.message_type(campaign.message_type);
  engine::SendPolicy policy = engine::send_policy(*this, campaign, type);
  policy.rules = &world_.program.sending();
  policy.sent = sent_;
  auto decided = engine::decide_send(graph, enrolled.enrollment, planned.step, policy,
                                     facts(enrolled.journey), world_.now);
  if (const auto* deferred = std::get_if<engine::SendDeferred>(&decided)) {
    watcher_.deferred(place, planned.step, name, *deferred);
    planned.due = deferred->until;
    planned_.push_back(planned);
    return;
  }
  engine::DeliveryEnded ended{planned.step, planned.occurrence, Result::kAccepted, {}};
  if (const auto* skipped = std::get_if<engine::SendSkipped>(&decided)) {
    watcher_.skipped(place, planned.step, name, skipped->reason);
    ended.result = skipped->unreachable ? Result::kUnreachable : Result::kSkipped;
    ended.reason = skipped->reason;
  } else {
    note_sent(campaign, policy.kind);
    watcher_.sent(place, planned.step, name, std::move(std::get<engine::SendNow>(decided).data));
    message_sent(planned, campaign);
  }
  happenings_.enrollment_input(*this, planned.index, ended);
}

void Person::note_sent(const graph::Campaign& campaign, const graph::MessageKind& kind) {
  const bool counts = campaign.once || world_.program.sending().counted_for(kind) > base::Millis{0};
  if (counts) sent_.push_back({{0, sent_.size() + 1}, world_.now, campaign.name, kind});
}

// It is received as soon as it is sent.
void Person::message_sent(const PlannedSend& planned, const graph::Campaign& campaign) {
  const Enrolled& enrolled = enrolled_[planned.index];
  const graph::Graph& graph = graph_of(enrolled);
  const std::uint32_t enrollment = enrolled.enrollment.number;
  std::string message = fmt::format("{}/{}/{}", enrollment, planned.step, planned.occurrence);
  last_message_.insert_or_assign(campaign.name, message);
  if (is_heard(graph::Engagement::kSent)) {
    const engine::SentFacts sent{campaign, message, graph.journey, enrollment,
                                 graph.steps[planned.step].identity};
    happen(graph::Engagement::kSent, engine::fields_of(sent));
  }
  engage({graph::Engagement::kReceived, std::move(message), &campaign, {}});
}

}  // namespace sojourn::testing
