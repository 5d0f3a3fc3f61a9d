#include "runtime/journey_runner.h"

#include <utility>
#include <variant>

#include "engine/reentry.h"
#include "graph/reserved.h"
#include "runtime/census.h"
#include "runtime/counter_names.h"
#include "runtime/operation_book.h"
#include "runtime/pace_book.h"
#include "runtime/program.h"
#include "runtime/split_book.h"

namespace sojourn::runtime {
namespace {

const graph::Step& step_at(const Seat& seat, graph::StepIndex step) {
  return seat.journey->graph.steps.at(step);
}

// Why somebody is not let in whose place would be too far off.
constexpr std::string_view kPaceRule = "pace";

}  // namespace

JourneyRunner::JourneyRunner(const TurnContext& context, TurnRecord& record)
    : context_(context), record_(record), happenings_(context.settings.max_caused_events) {}

// A user, as the engine's order of happenings sees them.
class JourneyRunner::UserAtWork final : public engine::UserInJourneys {
 public:
  UserAtWork(JourneyRunner& runner, UserState& user) : runner_(runner), user_(user) {}

  std::size_t enrollment_count() const override { return user_.seats().size(); }
  bool is_live(std::size_t seat) const override {
    return !user_.seats()[seat].enrollment.exit_reason;
  }
  void move(std::size_t seat, const engine::Input& input) override {
    const auto* arrived = std::get_if<engine::EventArrived>(&input);
    if (arrived != nullptr && !user_.seats()[seat].journey->hears(arrived->event.name)) return;
    runner_.advance(user_, seat, input);
  }
  void keep(const engine::EventFact& event) override { user_.keep(event); }
  void enter_by(const engine::EventFact& event) override {
    for (const Journey* journey : runner_.context_.program.entered_by(event.name)) {
      runner_.try_entry(user_, *journey, event);
    }
  }
  void meet_goals(const engine::EventFact& event) override { runner_.meet_goals(user_, event); }
  void look_at_watches() override { runner_.look_at_watches(user_); }
  void comes_back(const engine::EventFact& event) override {
    // The entry will say it.
    if (graph::is_watch_event(event.name)) return;
    const bool started = !graph::journey_of_api_event(event.name).empty();
    runner_.record_.count(counter_name({"events", event.name}));
    runner_.log(user_, LogRecord::Kind::kEvent, nullptr, event.name,
                started ? "started" : "tracked");
  }

 private:
  JourneyRunner& runner_;
  UserState& user_;
};

void JourneyRunner::event_arrived(UserState& user, std::string_view name, base::Instant created_at,
                                  std::vector<graph::Field> fields, std::string_view fanned_id) {
  begin_input(user);
  user.appear();
  record_.count(counter_name({"events", name}));
  std::string detail = created_at == record_.now ? std::string() : base::to_iso8601(created_at);
  if (!detail.empty() && !fanned_id.empty()) detail += ' ';
  log(user, LogRecord::Kind::kEvent, nullptr, name, detail.append(fanned_id));
  happen(user, name, created_at, std::move(fields));
}

void JourneyRunner::message_sent(UserState& user, const DeliveryRecord& message,
                                 const base::Hash128& key) {
  begin_input(user);
  const std::string& name = graph::event_of(graph::Engagement::kSent).name;
  if (!matters(user, name)) return;
  const Journey* journey = context_.program.find(message.version);
  const auto step =
      journey == nullptr ? std::nullopt : journey->numbers.step_of(message.step_number);
  engine::SentFacts sent{context_.program.campaign(message.subject),
                         key.hex(),
                         message.journey,
                         message.enrollment,
                         {}};
  if (step) sent.step = journey->graph.steps.at(*step).identity;
  happen(user, name, record_.now, engine::fields_of(sent));
}

void JourneyRunner::engaged(UserState& user, const engine::Engaged& engaged,
                            base::Instant created_at) {
  tell_engaged(user, engaged, created_at, engine::says_no(engaged.what));
}

void JourneyRunner::engaged_only(UserState& user, const engine::Engaged& engaged,
                                 base::Instant created_at) {
  tell_engaged(user, engaged, created_at, false);
}

void JourneyRunner::tell_engaged(UserState& user, const engine::Engaged& engaged,
                                 base::Instant created_at, bool takes_back_consent) {
  begin_input(user);
  const std::string_view word = graph::to_string(engaged.what);
  record_.count(counter_name({"engagements", word}));
  log(user, LogRecord::Kind::kEvent, nullptr, word,
      engaged.campaign == nullptr ? std::string_view() : engaged.campaign->name);
  if (takes_back_consent && engaged.campaign != nullptr) opt_out(user, *engaged.campaign);
  const std::string& name = graph::event_of(engaged.what).name;
  if (!matters(user, name)) return;
  happen(user, name, created_at, engine::fields_of(engaged, user.history()));
}

void JourneyRunner::happen(UserState& user, std::string_view name, base::Instant created_at,
                           std::vector<graph::Field> fields) {
  if (!matters(user, name)) return;
  engine::EventFact event = event_now(user, std::string(name), std::move(fields));
  event.created_at = created_at;
  UserAtWork at_work(*this, user);
  happenings_.event_arrived(at_work, event);
}

// An event that nothing of this user's reacts to, and no later journey looks back
// at, needs no number and no place in the history.
bool JourneyRunner::matters(UserState& user, std::string_view event) const {
  if (user.is_heard(event) || !context_.program.entered_by(event).empty()) return true;
  const graph::HistoryUse* use = context_.program.history_of(event);
  return use != nullptr && (use->always || use->within.count > 0);
}

// What was due before this input comes first, and what holds already is found before it
// changes anything.
void JourneyRunner::begin_input(UserState& user) {
  begin_input(user, record_.now);
}

void JourneyRunner::begin_input(UserState& user, base::Instant due_by) {
  send_out(user);
  const engine::WatchPlan& plan = context_.program.watch_plan();
  if (plan.rules().empty()) return;
  if (!user.watches().begun()) {
    const engine::Facts facts = user.facts(context_.zones);
    const engine::Newcomers* newcomers = context_.census.newcomers();
    if (newcomers != nullptr && user.is_unknown()) {
      user.watches().begin(plan, *newcomers, facts, record_.now);
    } else {
      // Who is new was not there for what has come before.
      const auto since = user.is_new() ? std::span<const base::Instant>() : context_.census.since();
      user.watches().begin(plan, facts, record_.now, since);
    }
  }
  if (!user.watches().wants_look(due_by)) return;
  UserAtWork at_work(*this, user);
  happenings_.moment_came(at_work);
}

void JourneyRunner::send_out(UserState& user) {
  if (!context_.operations.sends_anybody_out()) return;
  // Enrollments that begin meanwhile are of other journeys: nobody enters these.
  const std::size_t count = user.seats().size();
  for (std::size_t i = 0; i < count; ++i) {
    const Seat& seat = user.seats()[i];
    const bool is_inside = !seat.enrollment.exit_reason &&
                           context_.operations.is_sending_out(seat.journey->graph.journey);
    if (is_inside) take_input(user, seat, engine::Stopped{});
  }
}

void JourneyRunner::merged(UserState& user, std::span<const std::uint32_t> doubles) {
  for (const std::uint32_t number : doubles) {
    const Seat* seat = user.find_seat(number);
    if (seat == nullptr) continue;
    advance(user, static_cast<std::size_t>(seat - user.seats().data()),
            engine::Stopped{engine::kMerged});
  }
  profile_changed(user, {});
}

void JourneyRunner::look_at(UserState& user) {
  begin_input(user);
}

void JourneyRunner::profile_changed(UserState& user, const std::vector<FieldBefore>& before) {
  UserAtWork at_work(*this, user);
  happenings_.profile_changed(at_work, changes_since(user, before));
}

void JourneyRunner::list_changed(UserState& user, std::string_view list, bool joined) {
  begin_input(user);
  const auto changes = set_on_list(user, list, joined, nullptr);
  if (!changes) return;
  UserAtWork at_work(*this, user);
  happenings_.profile_changed(at_work, *changes);
}

void JourneyRunner::timer_due(UserState& user, std::uint32_t enrollment, base::Instant due) {
  // An entry of the same instant may wait for what the timer ends.
  begin_input(user, due - base::Millis{1});
  const Seat* seat = user.find_seat(enrollment);
  // What came first may have ended it.
  if (seat != nullptr) take_input(user, *seat, engine::TimerDue{});
}

void JourneyRunner::take_input(UserState& user, const Seat& seat, const engine::Input& input) {
  UserAtWork at_work(*this, user);
  happenings_.enrollment_input(at_work, static_cast<std::size_t>(&seat - user.seats().data()),
                               input);
}

std::optional<JourneyRunner::Place> JourneyRunner::place_of(UserState& user,
                                                            const DeliveryRecord& delivery) const {
  const Seat* seat = user.find_seat(delivery.enrollment);
  if (seat == nullptr) return std::nullopt;
  const auto step = seat->journey->numbers.step_of(delivery.step_number);
  if (!step) return std::nullopt;
  return Place{*seat, *step};
}

void JourneyRunner::message_ended(UserState& user, const DeliveryRecord& message,
                                  engine::DeliveryEnded::Result result, std::string_view reason) {
  begin_input(user);
  if (const auto place = place_of(user, message)) {
    take_input(user, place->seat,
               engine::DeliveryEnded{place->step, message.occurrence, result, std::string(reason)});
  }
}

void JourneyRunner::advance(UserState& user, std::size_t index, const engine::Input& input) {
  Seat& seat = user.seats()[index];
  const graph::StepIndex was_at = seat.enrollment.at;
  settle(user, index, was_at,
         engine::advance(seat.journey->graph, std::move(seat.enrollment),
                         facts(user, *seat.journey), input, record_.now));
}

engine::FrozenClock JourneyRunner::clock_of(const Journey& journey) const {
  return context_.operations.clock(journey.graph.journey, record_.now);
}

engine::Facts JourneyRunner::facts(const UserState& user, const Journey& journey) const {
  engine::Facts facts = user.facts(context_.zones);
  facts.decided = context_.splits.decided(journey.graph.journey);
  facts.clock = clock_of(journey);
  return facts;
}

void JourneyRunner::settle(UserState& user, std::size_t index, graph::StepIndex was_at,
                           engine::Advanced advanced) {
  Seat& seat = user.seats()[index];
  seat.enrollment = std::move(advanced.enrollment);
  const bool ended = seat.enrollment.exit_reason.has_value();
  if (ended || seat.enrollment.at != was_at) {
    record_.count(seat.journey->inside_counters.at(was_at), -1);
    if (!ended) record_.count(seat.journey->inside_counters.at(seat.enrollment.at));
  }
  carry_out(user, index, advanced);
  if (ended) count_exit(user, user.seats()[index]);
}

void JourneyRunner::try_entry(UserState& user, const Journey& journey,
                              const engine::EventFact& event) {
  const engine::Facts facts = user.facts(context_.zones);
  const auto unit = engine::entry_unit(journey.graph, facts, event, record_.now);
  if (!unit) return;
  const engine::EntryVerdict verdict =
      engine::judge_entry(journey.graph, user.earlier(*unit), facts, event, record_.now);
  const bool enters = verdict.kind == engine::EntryVerdict::Kind::kEnter ||
                      verdict.kind == engine::EntryVerdict::Kind::kRestart;
  const std::string_view closed = context_.operations.closed_by(journey.graph.journey);
  if (enters && !closed.empty()) return refuse(user, journey, event, closed);
  switch (verdict.kind) {
    case engine::EntryVerdict::Kind::kRefuse:
      return refuse(user, journey, event, verdict.rule);
    case engine::EntryVerdict::Kind::kUpdate:
      return update_entry(user, *unit, event);
    case engine::EntryVerdict::Kind::kRestart:
      // Who would not be let in again stays.
      if (!has_place(journey)) return refuse(user, journey, event, kPaceRule);
      restart(user, *unit);
      return enter(user, journey, *unit, event);
    case engine::EntryVerdict::Kind::kEnter:
      return enter(user, journey, *unit, event);
  }
}

void JourneyRunner::update_entry(UserState& user, const base::Hash128& unit,
                                 const engine::EventFact& event) {
  Seat& seat = *user.find_inside(unit);
  const auto index = static_cast<std::size_t>(&seat - user.seats().data());
  const graph::StepIndex was_at = seat.enrollment.at;
  log(user, LogRecord::Kind::kEntryUpdated, &seat, graph::told(event.name), {});
  settle(user, index, was_at,
         engine::update_entry(seat.journey->graph, std::move(seat.enrollment),
                              facts(user, *seat.journey), event, record_.now));
}

void JourneyRunner::restart(UserState& user, const base::Hash128& unit) {
  Seat& seat = *user.find_inside(unit);
  const auto index = static_cast<std::size_t>(&seat - user.seats().data());
  const graph::StepIndex was_at = seat.enrollment.at;
  settle(user, index, was_at,
         engine::restart(seat.journey->graph, std::move(seat.enrollment),
                         facts(user, *seat.journey), record_.now));
}

bool JourneyRunner::has_place(const Journey& journey) const {
  return !journey.graph.pace || next_place(journey).has_value();
}

std::optional<base::Instant> JourneyRunner::next_place(const Journey& journey) const {
  return context_.paces.next(journey.graph, record_.now, clock_of(journey));
}

void JourneyRunner::enter(UserState& user, const Journey& journey, const base::Hash128& unit,
                          const engine::EventFact& event) {
  if (!has_place(journey)) return refuse(user, journey, event, kPaceRule);
  std::optional<base::Instant> place;
  if (journey.graph.pace) {
    place = next_place(journey);
    context_.paces.take(journey.graph, *place, clock_of(journey));
  }
  const std::uint32_t number = user.next_enrollment_number();
  engine::Facts facts = this->facts(user, journey);
  facts.counted_before = counted_before(user, journey);
  engine::Advanced entered = engine::enter(journey.graph, journey.version, user.id().packed(),
                                           number, unit, facts, event, record_.now, place);
  user.seats().push_back(Seat{&journey, std::move(entered.enrollment), {}, {}, {}});
  const std::size_t index = user.seats().size() - 1;
  const Seat& seat = user.seats().back();
  record_.count(counter_name({"entered", journey.graph.journey}));
  log_entered(user, seat, event, facts, place);
  membership_changed(user, seat);
  const bool ended = seat.enrollment.exit_reason.has_value();
  count_holdout(seat);
  if (!ended) record_.count(journey.inside_counters.at(seat.enrollment.at));
  carry_out(user, index, entered);
  if (ended) count_exit(user, user.seats()[index]);
}

void JourneyRunner::count_exit(UserState& user, Seat& seat) {
  seat.ended_at = record_.now;
  const std::string& reason = *seat.enrollment.exit_reason;
  record_.count(counter_name({"exited", seat.journey->graph.journey, reason}));
  membership_changed(user, seat);
}

void JourneyRunner::membership_changed(UserState& user, const Seat& seat) {
  if (!context_.program.is_asked_about(seat.journey->graph.journey)) return;
  user.watches().membership_changed(context_.program.watch_plan());
  happenings_.cause_profile_change();
}

void JourneyRunner::carry_out(UserState& user, std::size_t index, const engine::Effect& effect) {
  Seat& seat = user.seats()[index];
  if (const auto* send = std::get_if<engine::PlanSend>(&effect)) {
    plan_send(user, seat, *send);
  } else if (const auto* change = std::get_if<engine::ChangeProfile>(&effect)) {
    change_profile(user, seat, *change);
  } else if (const auto* tracked = std::get_if<engine::TrackEvent>(&effect)) {
    track(user, seat, *tracked);
  } else if (const auto* started = std::get_if<engine::StartJourney>(&effect)) {
    start(user, *started);
  } else if (const auto* list = std::get_if<engine::ChangeList>(&effect)) {
    change_list(user, seat, *list);
  } else if (const auto* consent = std::get_if<engine::ChangeSubscription>(&effect)) {
    change_subscription(user, seat, *consent);
  } else if (const auto* call = std::get_if<engine::CallWebhook>(&effect)) {
    plan_call(user, seat, *call);
  } else if (const auto* noted = std::get_if<engine::Note>(&effect)) {
    note(seat, *noted);
  }
  // A CancelSend needs nothing: a planned message is asked again before it leaves,
  // and finds its enrollment ended. So does a planned call.
}

DeliveryRecord JourneyRunner::delivery(const Seat& seat, graph::StepIndex step,
                                       std::uint32_t occurrence, DeliveryRecord::Kind kind) const {
  DeliveryRecord record;
  record.kind = kind;
  record.version = seat.journey->version;
  record.journey = seat.journey->graph.journey;
  record.enrollment = seat.enrollment.number;
  record.step_number = seat.journey->numbers.number_of(step);
  record.occurrence = occurrence;
  record.planned_at = record_.now;
  return record;
}

base::Hash128 JourneyRunner::key_of(const UserState& user, const Seat& seat, graph::StepIndex step,
                                    std::uint32_t occurrence, DeliveryRecord::Kind kind) const {
  return message_key(context_.program.project(), seat.journey->graph.journey, user.id(),
                     seat.enrollment.number, step_at(seat, step).identity, occurrence, kind);
}

void JourneyRunner::plan_send(UserState& user, const Seat& seat, const engine::PlanSend& send) {
  constexpr auto kKind = DeliveryRecord::Kind::kMessage;
  DeliveryRecord record = delivery(seat, send.step, send.occurrence, kKind);
  record.subject = std::get<graph::Send>(step_at(seat, send.step).action).campaign;
  record_.count(counter_name({"planned", record.journey, record.subject}));
  planner_->plan(user, key_of(user, seat, send.step, send.occurrence, kKind), std::move(record));
}

void JourneyRunner::change_profile(UserState& user, const Seat& seat,
                                   const engine::ChangeProfile& change) {
  constexpr auto kKind = DeliveryRecord::Kind::kUpdate;
  DeliveryRecord record = delivery(seat, change.step, change.occurrence, kKind);
  const std::vector<FieldBefore> before = remember_before(user, change.fields);
  for (const auto& [name, value] : change.fields) {
    ProfileField field{name, value, ProfileField::Source::kJourney, record_.now, std::nullopt};
    if (!user.set_field(std::move(field))) continue;
    happenings_.cause_profile_change();
    record.names.push_back(name);
  }
  // Iterable starts journeys of its own on every update, so one without news is not sent.
  if (record.names.empty()) return;
  for (engine::EventFact& fact : changes_since(user, before)) cause_change(std::move(fact));
  planner_->plan(user, key_of(user, seat, change.step, change.occurrence, kKind),
                 std::move(record));
}

void JourneyRunner::track(UserState& user, const Seat& seat, const engine::TrackEvent& track) {
  constexpr auto kKind = DeliveryRecord::Kind::kTrack;
  DeliveryRecord record = delivery(seat, track.step, track.occurrence, kKind);
  record.subject = track.event;
  record.fields = track.fields;
  const base::Hash128 key = key_of(user, seat, track.step, track.occurrence, kKind);
  planner_->plan(user, key, std::move(record));
  const graph::EventType* type = context_.program.catalog().find_event(track.event);
  if (type != nullptr && type->fan_out && !fan_outs_->track(user, *type, key, track.fields)) return;
  if (!happenings_.cause_event(event_now(user, track.event, track.fields))) {
    record_.output.notes.push_back({"track_not_fed_back", track.event});
  }
}

void JourneyRunner::start(UserState& user, const engine::StartJourney& start) {
  if (!happenings_.cause_event(event_now(user, graph::api_event(start.journey), start.fields))) {
    record_.output.notes.push_back({"start_not_carried_out", start.journey});
  }
}

void JourneyRunner::note(Seat& seat, const engine::Note& note) {
  switch (note.kind) {
    case engine::Note::Kind::kReached:
      record_.count(seat.journey->reached_counters.at(note.step));
      return;
    case engine::Note::Kind::kBranch:
      if (note.first || note.measured) count_arm(seat, note);
      return;
    case engine::Note::Kind::kExited:
      // Counted when the turn has taken in that the enrollment ended.
    case engine::Note::Kind::kRungSkipped:
    case engine::Note::Kind::kRungBegun:
      return;
  }
}

}  // namespace sojourn::runtime
