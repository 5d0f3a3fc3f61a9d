// Runs the people of one turn through their journeys: what happens to a user goes
// in, the engine decides, and what it asks for is carried out here or planned as
// a delivery. Lives for one turn, on the shard's thread.
//
// What one call causes for its user (profile changes, tracked events) is worked
// off before it returns, so the order of a user's inputs is the order of calls.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "engine/advance.h"
#include "engine/effect.h"
#include "engine/engagement.h"
#include "engine/goals.h"
#include "engine/happenings.h"
#include "engine/input.h"
#include "runtime/delivery_record.h"
#include "runtime/turn_context.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

// Takes what is to leave.
class DeliveryPlanner {
 public:
  virtual ~DeliveryPlanner() = default;
  virtual void plan(UserState& user, const base::Hash128& message_key, DeliveryRecord record) = 0;
};

// Takes what is tracked for many.
class FanOutPlanner {
 public:
  virtual ~FanOutPlanner() = default;
  // `key` names the event. Returns whether it is an event of the tracker's, too, who then
  // gets it from the caller.
  virtual bool track(const UserState& tracker, const graph::EventType& type,
                     const base::Hash128& key, const std::vector<graph::Field>& fields) = 0;
};

// How a field of the profile read before a change of it.
struct FieldBefore {
  std::string field;
  std::string event;  // that it changed
  graph::Value value;
};

class JourneyRunner {
 public:
  JourneyRunner(const TurnContext& context, TurnRecord& record);
  // Before anything else.
  void set_planners(DeliveryPlanner& deliveries, FanOutPlanner& fan_outs) {
    planner_ = &deliveries;
    fan_outs_ = &fan_outs;
  }

  // Profile and history first, then exits, then waits, then entries. `fanned_id`: what an
  // event that came to many is called as one of this user's.
  void event_arrived(UserState& user, std::string_view name, base::Instant created_at,
                     std::vector<graph::Field> fields, std::string_view fanned_id = {});
  // Another user has become this one. `doubles`: enrollments that end for it, by number, without
  // doing anything else; then everybody looks at what is known now.
  void merged(UserState& user, std::span<const std::uint32_t> doubles);
  // Before `fields` of the profile are changed from outside; what it gives goes to
  // profile_changed, after it.
  std::vector<FieldBefore> begin_profile_change(UserState& user,
                                                std::span<const graph::Field> fields);
  void profile_changed(UserState& user, const std::vector<FieldBefore>& before);
  // The user turns out to be `other` as well: engine::with_consent_of. `become_one`: what the other
  // has subscribed to counts, too. Otherwise the other stays, and may be erased: then nobody else's
  // log may have their names.
  void take_consent(UserState& user, const UserState& other, bool become_one);
  // From outside, the user joined a list or left it.
  void list_changed(UserState& user, std::string_view list, bool joined);
  void timer_due(UserState& user, std::uint32_t enrollment, base::Instant due);
  // Begins to watch the user, if nobody does yet, and lets happen what is due.
  void look_at(UserState& user);
  // The rules of the time zones have changed since the user was here last: what waits for a
  // local time waits for when that is now.
  void zone_rules_changed(UserState& user);
  // Ends what the user has in journeys that were stopped. So does every other call, before
  // anything else.
  void send_out(UserState& user);
  // The provider took the message. Comes before message_ended.
  void message_sent(UserState& user, const DeliveryRecord& message, const base::Hash128& key);
  // What somebody did with a message, as the provider tells it.
  void engaged(UserState& user, const engine::Engaged& engaged, base::Instant created_at);
  // The same, and it says nothing of consent.
  void engaged_only(UserState& user, const engine::Engaged& engaged, base::Instant created_at);
  // From outside: fields of the profile that are about consent, as an input of their own.
  // `detail` is for the log.
  void set_consent(UserState& user, const std::vector<graph::Field>& fields,
                   std::string_view detail);
  // Where a message ended. An enrollment that has ended meanwhile is left alone.
  void message_ended(UserState& user, const DeliveryRecord& message,
                     engine::DeliveryEnded::Result result, std::string_view reason);

  // Until when somebody waits for this call; nothing: nobody does any more.
  std::optional<base::Instant> call_open_until(UserState& user, const DeliveryRecord& call) const;
  // A webhook answered; nothing: it could not be asked, or not in time.
  void call_ended(UserState& user, const DeliveryRecord& call,
                  std::optional<std::vector<graph::Field>> reply);

  void log(UserState& user, LogRecord::Kind kind, const Seat* seat, std::string_view subject,
           std::string_view detail);

 private:
  class UserAtWork;

  void begin_input(UserState& user);
  // With what the user is watched for that was due by then.
  void begin_input(UserState& user, base::Instant due_by);
  void look_at_watches(UserState& user);
  // How `fields` read, of those whose changes some journey looks out for.
  std::vector<FieldBefore> remember_before(const UserState& user,
                                           std::span<const graph::Field> fields) const;
  bool matters(UserState& user, std::string_view event) const;
  void advance(UserState& user, std::size_t seat, const engine::Input& input);
  // What the engine made of a seat that was at `was_at`.
  void settle(UserState& user, std::size_t seat, graph::StepIndex was_at,
              engine::Advanced advanced);
  void try_entry(UserState& user, const Journey& journey, const engine::EventFact& event);
  bool has_place(const Journey& journey) const;
  std::optional<base::Instant> next_place(const Journey& journey) const;
  // Now.
  engine::FrozenClock clock_of(const Journey& journey) const;
  void enter(UserState& user, const Journey& journey, const base::Hash128& unit,
             const engine::EventFact& event);
  void update_entry(UserState& user, const base::Hash128& unit, const engine::EventFact& event);
  void restart(UserState& user, const base::Hash128& unit);
  // What a journey's engine may look at of the user.
  engine::Facts facts(const UserState& user, const Journey& journey) const;
  // May a split of the journey have counted the user already?
  bool counted_before(const UserState& user, const Journey& journey) const;
  // The goals, and measures of splits, that the event meets, of enrollments that go on and of those
  // that ended.
  void meet_goals(UserState& user, const engine::EventFact& event);
  void meet_goals(UserState& user, Seat& seat, const engine::EventFact& event);
  void meet_measures(UserState& user, Seat& seat, const engine::EventFact& event);
  void count_holdout(const Seat& seat);
  // The split's arm that the note tells of.
  void count_arm(Seat& seat, const engine::Note& note);
  void count_goal(UserState& user, const Seat& seat, const engine::GoalMet& met);
  void refuse(UserState& user, const Journey& journey, const engine::EventFact& event,
              std::string_view rule);
  void count_exit(UserState& user, Seat& seat);
  // Keeps the event and tells everybody, if it matters to anybody.
  void happen(UserState& user, std::string_view name, base::Instant created_at,
              std::vector<graph::Field> fields);
  // The changes that journeys look out for, of which nobody has been told yet, or nothing when
  // it is so already. `by`: whose step did it; null: somebody outside.
  std::optional<std::vector<engine::EventFact>> set_on_list(UserState& user, std::string_view list,
                                                            bool on, const Seat* by);
  // The seat was taken or given up: whoever asks about its journey is to look again.
  void membership_changed(UserState& user, const Seat& seat);
  void carry_out(UserState& user, std::size_t seat, const engine::Effect& effect);
  // All of it, and what was decided is told in its turn, among what comes of it.
  void carry_out(UserState& user, std::size_t seat, const engine::Advanced& advanced);
  void plan_send(UserState& user, const Seat& seat, const engine::PlanSend& send);
  void change_profile(UserState& user, const Seat& seat, const engine::ChangeProfile& change);
  void change_list(UserState& user, const Seat& seat, const engine::ChangeList& change);
  void change_subscription(UserState& user, const Seat& seat,
                           const engine::ChangeSubscription& change);
  void tell_engaged(UserState& user, const engine::Engaged& engaged, base::Instant created_at,
                    bool takes_back_consent);
  // What the message is about is no longer consented to.
  void opt_out(UserState& user, const graph::Campaign& campaign);
  // Goes with the change of the profile that has been caused.
  void cause_change(engine::EventFact change);
  void track(UserState& user, const Seat& seat, const engine::TrackEvent& track);
  void start(UserState& user, const engine::StartJourney& start);
  void plan_call(UserState& user, const Seat& seat, const engine::CallWebhook& call);
  // Which step of which enrollment a delivery is of; nothing: that has ended.
  struct Place {
    const Seat& seat;
    graph::StepIndex step;
  };
  std::optional<Place> place_of(UserState& user, const DeliveryRecord& delivery) const;
  void take_input(UserState& user, const Seat& seat, const engine::Input& input);
  // An event of this user, now.
  engine::EventFact event_now(UserState& user, std::string name,
                              std::vector<graph::Field> fields) const;
  std::vector<engine::EventFact> changes_since(UserState& user,
                                               const std::vector<FieldBefore>& before) const;
  void note(Seat& seat, const engine::Note& note);
  // A line of the log, of this moment.
  LogRecord log_line(LogRecord::Kind kind, const Seat* seat, std::string_view subject,
                     std::string_view detail) const;
  void log(UserState& user, const Seat& seat, const engine::Decision& decision);
  // `facts`: as they were when the event came.
  void log_entered(UserState& user, const Seat& seat, const engine::EventFact& event,
                   const engine::Facts& facts, std::optional<base::Instant> place);
  DeliveryRecord delivery(const Seat& seat, graph::StepIndex step, std::uint32_t occurrence,
                          DeliveryRecord::Kind kind) const;
  base::Hash128 key_of(const UserState& user, const Seat& seat, graph::StepIndex step,
                       std::uint32_t occurrence, DeliveryRecord::Kind kind) const;

  const TurnContext& context_;
  TurnRecord& record_;
  DeliveryPlanner* planner_ = nullptr;
  FanOutPlanner* fan_outs_ = nullptr;

  engine::Happenings happenings_;
};

}  // namespace sojourn::runtime
