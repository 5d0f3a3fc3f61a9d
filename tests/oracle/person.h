// The state of the life that live() follows: what has happened, and where the user is in
// each journey. What a step or a question makes of it stands in the files beside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calendar/zone.h"
#include "graph/graph.h"
#include "tests/oracle/life.h"

namespace sojourn::oracle {

struct Event {
  std::size_t number = 0;  // its place among the user's
  std::size_t order = 0;   // in which they came to be: what a journey did, when it did it
  std::string name;
  Fields fields;
  base::Instant created_at;
  base::Instant arrived_at;
};
// By when they happened; of one instant, as they came to be.
bool happened_before(const Event& a, const Event& b);

// A step was reached.
struct Visit {
  graph::StepIndex step = 0;
  base::Instant at;
  std::size_t events_before = 0;
};

// A schedule that was reached and is not over.
struct OpenSchedule {
  graph::StepIndex step = 0;
  base::Instant reached;
  std::size_t next_rung = 0;
  std::optional<std::size_t> running;  // a rung whose steps are being passed
};

// What somebody who rests waits for by the calendar. A change of the zone moves it by the
// local time that was chosen; only what it is made of makes it choose again.
struct Aim {
  bool is_set = false;
  base::Instant at;
  std::optional<calendar::LocalTime> local;  // none: elapsed time
  std::string zone;
  bool is_like(const Aim& other) const { return local ? local == other.local : at == other.at; }
};

// Somebody took an arm of a split that measures.
struct ArmTaken {
  std::size_t arm = 0;
  base::Instant at;
  bool counts = false;
  bool met = false;
};

struct Enrolled {
  std::size_t journey = 0;
  std::int64_t number = 0;
  Event entry;
  base::Instant entered;
  std::vector<graph::Value> unit;
  bool held_out = false;
  std::optional<base::Instant> place;  // in the queue of `pace` until then, at no step
  graph::StepIndex at = graph::kCompleted;
  std::vector<Visit> visits;
  std::vector<graph::Value> locals;
  std::map<graph::StepIndex, std::vector<std::size_t>> gathered;  // events, by `collect`
  std::set<std::size_t> used_events;                              // each has ended a wait
  std::map<graph::StepIndex, std::uint32_t> rounds;
  std::vector<OpenSchedule> schedules;  // the innermost last
  std::set<std::size_t> goals_met;
  std::map<graph::StepIndex, ArmTaken> measured;
  std::set<std::string> campaigns_sent;
  std::vector<std::optional<base::Instant>> held_since;  // by Graph::exits
  Aim aim;
  std::optional<std::string> exit;
  base::Instant ended;
};

// A message that has not left.
struct Planned {
  std::size_t enrolled = 0;
  graph::StepIndex step = 0;
  base::Instant wanted_at;
  base::Instant due;
};

// A call that leaves when all of its instant has happened.
struct PlannedCall {
  std::size_t enrolled = 0;
  graph::StepIndex step = 0;
  std::size_t visit = 0;  // the number of the visits when the step was reached
  std::string data;
};

// A call that the service is still to answer.
struct OpenCall {
  std::size_t enrolled = 0;
  graph::StepIndex step = 0;
  std::size_t visit = 0;  // the number of the visits when it was made
  base::Instant due;
  std::optional<Fields> reply;
};

struct SentMessage {
  const graph::Campaign* campaign = nullptr;
  base::Instant at;
  std::string message;
  std::int64_t enrollment = 0;
};

// A date or a condition that may start an enrollment.
struct Watched {
  std::size_t journey = 0;
  const graph::WatchedEntry* entry = nullptr;
  bool held = false;                    // a condition: as it was last seen
  graph::Value date;                    // a date: the one last seen
  std::optional<base::Instant> coming;  // and the moment that was expected of it
  std::int64_t year = 0;                // of that moment, for yearly ones; its day, of a schedule
  graph::Value came;                    // a date: the last that came
  std::int64_t came_in = 0;             // the year of the last that came
  std::int32_t last_day = INT32_MIN;    // of a schedule: the last that came
};

class Person;

// Who asks: what an expression can read.
struct Asker {
  const Person& person;
  const graph::Graph& graph;
  const Enrolled* enrolled = nullptr;  // null where no enrollment has begun
  const Event* entry = nullptr;
  base::Instant now;
  const Event* event = nullptr;
  const graph::Value* item = nullptr;
  // By which the calendar is read; null: the journey's, as it is now.
  const calendar::Zone* zone = nullptr;
};
graph::Value answer(const Asker& asker, graph::ExprId expression);
bool holds(const Asker& asker, graph::ExprId condition);
// The fields of an object that is written out; none of no expression.
Fields fields_of(const Asker& asker, graph::ExprId object);
const calendar::Zone& journey_zone(const Asker& asker);
const calendar::Zone& zone_of(const Asker& asker, const std::vector<graph::ExprId>& chain);
// Does the event that happened at hand lie in the part of the history?
bool lies_in(const Asker& asker, const graph::Window& window, const Event& event);

class Person {
 public:
  Person(const World& world, const Fields& profile, base::Instant now);

  void take(const Input& input);
  // All that is due by then, each at its time.
  void run_until(base::Instant until);
  std::vector<Told> take_story() { return std::move(story_); }

  // For questions.
  const World& world() const { return world_; }
  const std::vector<Event>& events() const { return events_; }
  const std::vector<Enrolled>& enrolled() const { return enrolled_; }
  graph::Value field(std::string_view name) const;
  bool in_list(std::string_view list) const { return lists_.contains(std::string(list)); }
  bool is_subscribed(const graph::MessageType& type) const;
  base::Instant now() const { return now_; }

 private:
  friend class Candidates;
  const graph::Graph& graph_of(const Enrolled& enrolled) const {
    return *world_.journeys[enrolled.journey];
  }
  Asker asker(const Enrolled& enrolled, const Event* event = nullptr) const;
  Asker asker_of_nobody(std::size_t journey, const Event* entry) const;
  void tell(std::size_t journey, std::string what);
  const calendar::Zone& own_zone(const Enrolled& enrolled) const;

  // life.cpp: what happens, in order.
  Event make_event(std::string name, Fields fields);
  bool is_for_them(const Event& event) const;
  bool is_heard(std::string_view event) const;
  bool is_asked_about(std::string_view journey) const;
  void happen(const Event& event);
  void change(const std::vector<Event>& changes);
  void work_off();
  std::vector<Event> write(const Fields& fields, bool* news);
  Fields with_consent(const graph::MessageType& type, bool subscribes) const;
  void engage(graph::Engagement what, const std::string& campaign);
  void cause_event(Event event);

  // due.cpp: what time brings.
  std::optional<base::Instant> due_of(const Enrolled& enrolled) const;
  std::optional<base::Instant> next_timer() const;
  std::optional<base::Instant> next_flip(base::Instant until) const;
  std::vector<bool> truths(base::Instant at) const;
  void come_due(base::Instant at);

  // entries.cpp
  void look_at_watches(bool begins = false);
  void look_at_date(Watched& watched, const graph::DateEntry& rule, bool begins);
  void look_at_schedule(Watched& watched, const graph::ScheduleEntry& rule);
  void look_at_once(Watched& watched, const graph::OneTimeEntry& rule, bool begins);
  void comes(const Watched& watched, base::Instant at);
  std::optional<std::pair<base::Instant, std::int64_t>> next_of(const Asker& asker,
                                                                const graph::DateEntry& rule,
                                                                const graph::Value& date,
                                                                std::int64_t year) const;
  void enter_by(const Event& event);
  void try_entry(std::size_t journey, const Event& event);
  std::optional<std::string> refusal(std::size_t journey, const std::vector<graph::Value>& unit,
                                     const Event& event) const;
  std::optional<base::Instant> next_place(std::size_t journey) const;
  void enter(std::size_t journey, std::vector<graph::Value> unit, const Event& event,
             base::Instant place);
  void update_entry(std::size_t index, const Event& event);
  void meet_goals(const Event& event);
  void meet_measures(const Event& event);
  bool meets(const Enrolled& enrolled, const graph::SplitMeasure& measure, base::Instant since,
             const Event& event) const;

  // steps.cpp
  void tell_enrolled(std::size_t index, const Event* event);
  bool stays_in_queue(std::size_t index, const Event* event);
  void gather(Enrolled& enrolled, const Event& event) const;
  bool leave_by_rule(std::size_t index, const Event* event);
  void look_where_it_waits(std::size_t index, const Event* event);
  void wait_is_over(std::size_t index);
  void go(std::size_t index, graph::StepIndex step);
  void end(std::size_t index, const std::string& reason);
  std::optional<graph::StepIndex> arrive(std::size_t index, graph::StepIndex step);
  std::optional<graph::StepIndex> arrive_at_wait(Enrolled& enrolled, const graph::Step& step);
  std::optional<graph::StepIndex> pass(std::size_t index, const graph::Step& step);
  void change_list(const Enrolled& enrolled, const graph::ChangeList& step);
  void change_subscription(const Enrolled& enrolled, const graph::ChangeSubscription& step);
  std::optional<graph::StepIndex> follow_wait_until(Enrolled& enrolled,
                                                    const graph::WaitUntil& step, bool arrives);
  std::optional<graph::StepIndex> follow_schedule(Enrolled& enrolled, const graph::Schedule& step);
  const calendar::Zone& chosen_by(const Aim& aim, const calendar::Zone& now) const;
  std::optional<graph::StepIndex> ask_service(Enrolled& enrolled, const graph::Call& step);
  void make_calls();
  std::vector<OpenCall>::iterator next_answer();
  void take_answer(std::vector<OpenCall>::iterator open);
  std::optional<graph::StepIndex> look_back(Enrolled& enrolled, const graph::WaitFor& step);
  std::optional<graph::StepIndex> first_arm(Enrolled& enrolled, const graph::WaitFor& step,
                                            const Event* event, bool with_conditions);
  bool ends(const Enrolled& enrolled, const graph::WaitFor& step, const graph::EventArm& arm,
            const Event& event) const;
  graph::StepIndex take_arm(std::size_t index, const graph::Split& step);
  std::size_t arm_of(const Enrolled& enrolled, const graph::Split& step) const;

  // sends.cpp
  void deliver_all();
  void deliver(Planned planned);
  std::optional<std::string> reason_to_skip(const Planned& planned) const;
  base::Instant last_moment(const Planned& planned) const;
  // The `quiet` lines that are about the message.
  std::vector<graph::QuietHours> quiet_about(const Planned& planned) const;
  base::Instant best_time(const Planned& planned, base::Millis up_to) const;
  struct Verdict;
  struct Hold;
  std::optional<Hold> held_back(const Planned& planned, base::Instant at) const;
  base::Instant has_room(const graph::SendCap& cap, base::Instant at) const;
  Verdict ask_rules(const Planned& planned) const;
  void message_sent(const Planned& planned, const graph::Campaign& campaign);

  const World& world_;
  base::Instant now_;
  std::map<std::string, graph::Value> profile_;
  std::set<std::string> lists_;
  std::vector<Event> events_;
  std::vector<Enrolled> enrolled_;
  std::map<std::size_t, std::vector<base::Instant>> places_;  // of `pace`, by journey
  std::vector<Planned> planned_;
  std::vector<PlannedCall> planned_calls_;
  std::vector<OpenCall> calls_;
  std::vector<SentMessage> sent_;
  std::vector<Watched> watched_;
  std::vector<bool> last_truths_;
  std::deque<Event> caused_;
  std::size_t made_events_ = 0;
  std::vector<Event> caused_changes_;
  bool change_caused_ = false;
  std::vector<Told> story_;
};

}  // namespace sojourn::oracle
