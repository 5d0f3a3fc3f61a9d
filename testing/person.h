// One person of a test: profile, history, and an enrollment in every journey that
// took them in. Inputs go in, the engine decides, messages are accepted at once,
// and what a journey changes or tracks comes back as it would in the daemon; the
// order of it all is engine::Happenings'. A watcher is told what happens. Tests and
// simulations run their people through this.
//
// One thread; what it is made with outlives it.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/advance.h"
#include "engine/effect.h"
#include "engine/engagement.h"
#include "engine/enrollment.h"
#include "engine/facts.h"
#include "engine/happenings.h"
#include "engine/pace.h"
#include "engine/reentry.h"
#include "engine/sending_rules.h"
#include "engine/watches.h"
#include "testing/test_program.h"
#include "testing/watcher.h"

namespace sojourn::testing {

// What the people of one world share.
struct WorldContext {
  const TestProgram& program;
  calendar::ZoneSource& zones;
  base::Instant now;
  // The places that `pace` has given, by journey; null: everybody enters at once.
  std::vector<engine::Places>* places = nullptr;
  // Nobody is held out but by an assigned arm: so it is in tests.
  bool only_assigned_held_out = true;
};

class Person final : public engine::ProfileView,
                     private engine::MembershipView,
                     private engine::UserInJourneys {
 public:
  // Events that one input may cause, as in the daemon.
  static constexpr std::size_t kMaxCausedEvents = 64;

  // Entries into one journey at one instant. Who would come in more often goes round without
  // end; they are refused, so that time goes on.
  static constexpr std::size_t kMaxEntriesAtOnce = 1'000;

  Person(const WorldContext& world, Watcher& watcher);
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

  // Decides the arms of splits, so it is set before anything happens.
  void set_id(std::uint64_t id) { id_ = id; }
  void assign(JourneyIndex journey, engine::AssignedArm arm);
  // Answers the call of the webhook that was made first and is waited for still; nothing:
  // it failed. False when there is none.
  bool answer_call(std::string_view webhook, std::optional<std::vector<graph::Field>> reply);
  // The same, of one call: as the watcher was told of it.
  bool answer_call(const CallMade& made, std::optional<std::vector<graph::Field>> reply);
  // Without telling any journey: the profile at the start.
  void set_field(const graph::Field& field);

  // The profile at the start is complete: looks at what holds already, for entries that
  // wait for it to become so, and at dates to come. The first input does it, too.
  void begin();

  // Inputs, at the world's `now`.
  void event_arrives(std::string name, std::vector<graph::Field> fields, base::Instant created_at);
  void profile_changes(const std::vector<graph::Field>& fields);
  // They did this with the last message of the campaign; false when there is none.
  bool engages(graph::Engagement what, std::string_view campaign);
  void list_changes(const std::string& list, bool joined);

  // The earliest due of all timers, and of messages that were put off.
  std::optional<base::Instant> next_due() const;
  // The next entry by itself, but for those that come again and again (`enter every`).
  std::optional<base::Instant> next_single_entry() const {
    return watches_.next_due_but_recurring(world_.program.watch_plan());
  }
  // Inside a journey, or with a message that is still to leave.
  bool waits() const;
  // Lets the enrollment whose timer is due first go on, or the messages leave.
  void wake();

  // The first journey that was entered more than kMaxEntriesAtOnce times at once.
  std::optional<JourneyIndex> endless() const { return endless_; }

  const graph::Value& field(std::string_view name) const override;
  graph::Value cleared(std::string_view name) const override;

  // Where they are in a journey: the step of a live enrollment, or none.
  std::optional<graph::StepIndex> place_in(JourneyIndex journey) const;
  // Somebody in the queue of `pace` is in the journey, at no step.
  bool is_in(JourneyIndex journey) const;

 private:
  struct Enrolled {
    JourneyIndex journey = 0;
    engine::Enrollment enrollment;
    bool queued = false;  // as it was told last
  };
  // A message that has not left yet. It is asked for at `due`: when it was planned, or
  // the time it was put off to.
  struct PlannedSend {
    std::size_t index = 0;  // of the enrollment
    graph::StepIndex step = 0;
    std::uint32_t occurrence = 0;
    base::Instant planned_at;
    base::Instant due;
  };

  // A call that leaves when all of its instant has happened, unless nobody waits for it then.
  struct PlannedCall {
    std::size_t index = 0;
    engine::CallWebhook call;
  };

  struct OpenCall {
    std::string webhook;
    CallMade made;
  };

  std::size_t enrollment_count() const override { return enrolled_.size(); }
  bool is_live(std::size_t index) const override {
    return !enrolled_[index].enrollment.exit_reason;
  }
  void move(std::size_t index, const engine::Input& input) override;
  void keep(const engine::EventFact& event) override;
  void meet_goals(const engine::EventFact& event) override;
  void look_at_watches() override;
  void enter_by(const engine::EventFact& event) override;
  void comes_back(const engine::EventFact& event) override;

  // Of no journey.
  engine::Facts facts_of_all() const {
    return {.profile = *this,
            .history = history_,
            .zones = world_.zones,
            .only_assigned_held_out = world_.only_assigned_held_out,
            .memberships = this};
  }
  engine::Facts facts(JourneyIndex journey) const {
    engine::Facts facts = facts_of_all();
    facts.assigned = assigned_[journey];
    return facts;
  }
  const graph::MessageType* message_type(std::string_view name) const override;
  bool in_list(std::string_view list) const override { return lists_.contains(list); }
  bool in_journey(std::string_view journey) const override;
  std::optional<base::Instant> left_at(std::string_view journey,
                                       std::string_view reason) const override;
  const graph::Graph& graph_of(const Enrolled& enrolled) const {
    return world_.program.journeys()[enrolled.journey].graph();
  }
  Seat seat(std::size_t index) const { return {index, enrolled_[index].journey}; }
  std::optional<base::Instant> next_timer() const;
  bool set(const graph::Field& field);
  // The seat was taken or given up: whoever asks about its journey is to look again.
  void membership_changed(const Enrolled& enrolled);
  std::optional<std::vector<engine::EventFact>> apply(const std::vector<graph::Field>& fields);
  // As apply, of a list.
  std::optional<std::vector<engine::EventFact>> set_on_list(const std::string& list, bool on);
  engine::EventFact event_now(std::string name, std::vector<graph::Field> fields);
  // What the engine made of an enrollment that was at `was_at`.
  void settle(std::size_t index, graph::StepIndex was_at, engine::Advanced advanced);
  // The place under `pace`, now or later; nothing when it would be too far off.
  std::optional<base::Instant> next_place(JourneyIndex journey) const;
  bool is_endless(JourneyIndex journey);
  void try_entry(JourneyIndex journey, const engine::EventFact& event);
  void enter(JourneyIndex journey, const base::Hash128& unit, const engine::EventFact& event);
  void update_entry(std::size_t index, const engine::EventFact& event);
  void restart(std::size_t index);
  engine::EarlierEnrollments earlier(const base::Hash128& unit) const;
  // The live enrollment of this unit; there is at most one.
  std::size_t inside(const base::Hash128& unit) const;
  void carry_out(std::size_t index, const std::vector<engine::Effect>& effects);
  void change_profile(std::size_t index, const engine::ChangeProfile& change);
  void change_list(std::size_t index, const engine::ChangeList& change);
  void change_subscription(std::size_t index, const engine::ChangeSubscription& change);
  // The profile, or what the person belongs to, has changed; `changes` as apply gives them.
  void cause(std::vector<engine::EventFact> changes);
  void track(std::size_t index, const engine::TrackEvent& track);
  void make_calls();
  // Of the calls that are waited for still.
  template <class Is>
  bool answer_first(Is is, std::optional<std::vector<graph::Field>> reply);
  void start(std::size_t index, const engine::StartJourney& start);
  void tell_place(std::size_t index);
  void take_back(std::size_t index, graph::StepIndex step);
  // Lets every planned call and message leave whose time has come, and what that causes happen.
  void deliver_all();
  // Of those that are due, the one that stands first in the user's queue.
  std::deque<PlannedSend>::iterator first_in_queue();
  void deliver(PlannedSend planned);
  void note_sent(const graph::Campaign& campaign, const graph::MessageKind& kind);
  void message_sent(const PlannedSend& planned, const graph::Campaign& campaign);
  void engage(const engine::Engaged& engaged);
  // Does it change anything for anybody?
  bool is_heard(graph::Engagement what) const;
  void happen(graph::Engagement what, std::vector<graph::Field> fields);

  const WorldContext& world_;
  Watcher& watcher_;
  std::uint64_t id_ = 1;
  std::map<std::string, graph::Value, std::less<>> profile_;
  std::set<std::string, std::less<>> lists_;
  std::vector<engine::EventFact> history_;
  std::uint64_t next_event_ = 1;
  engine::Watches watches_;
  struct EntriesAtOnce {
    base::Instant at;
    std::size_t count = 0;
  };

  std::vector<Enrolled> enrolled_;
  std::vector<EntriesAtOnce> entries_;  // by journey
  std::optional<JourneyIndex> endless_;
  std::vector<std::vector<engine::AssignedArm>> assigned_;  // by journey
  std::deque<PlannedSend> planned_;
  std::vector<engine::SentMessage> sent_;  // that some rule counts
  std::deque<PlannedCall> planned_calls_;
  std::deque<OpenCall> calls_;
  std::map<std::string, std::string, std::less<>> last_message_;  // by campaign
  engine::Happenings happenings_{kMaxCausedEvents};
};

}  // namespace sojourn::testing
