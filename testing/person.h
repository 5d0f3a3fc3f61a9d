// One person of a test: profile, history, and an enrollment in every journey that
// took them in. Inputs go in, the engine decides, messages are accepted at once,
// and what a journey changes or tracks comes back as it would in the daemon; the
// order of it all is engine::Happenings'. What happened is added to the journal.
//
// Owned by a World, on its thread.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/advance.h"
#include "engine/effect.h"
#include "engine/enrollment.h"
#include "engine/facts.h"
#include "engine/happenings.h"
#include "engine/reentry.h"
#include "testing/coverage.h"
#include "testing/occurrence.h"
#include "testing/test_program.h"

namespace sojourn::testing {

// What the people of one world share.
struct WorldContext {
  const TestProgram& program;
  calendar::ZoneSource& zones;
  Coverage& coverage;
  base::Instant now;
  std::vector<Occurrence> journal;
};

class Person final : public engine::ProfileView, private engine::UserInJourneys {
 public:
  // Events that one input may cause, as in the daemon.
  static constexpr std::size_t kMaxCausedEvents = 64;

  Person(WorldContext& world, bool is_other_user);
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

  // Decides the arms of splits, so it is set before anything happens.
  void set_id(std::uint64_t id) { id_ = id; }
  void assign(JourneyIndex journey, engine::AssignedArm arm);
  // Without telling any journey: the profile at the start.
  void set_field(const graph::Field& field);

  // Inputs, at the world's `now`.
  void event_arrives(std::string name, std::vector<graph::Field> fields, base::Instant created_at);
  void profile_changes(const std::vector<graph::Field>& fields);
  // The subscription of a message type, as Iterable keeps it in the profile.
  std::vector<graph::Field> with_consent(const graph::MessageType& type, bool subscribed) const;

  // The earliest due of all timers.
  std::optional<base::Instant> next_due() const;
  // Lets the enrollment whose timer is due first go on.
  void wake();

  const graph::Value& field(std::string_view name) const override;
  graph::Value cleared(std::string_view name) const override;

  // Where they are in a journey: the step of a live enrollment, or none.
  std::optional<graph::StepIndex> place_in(JourneyIndex journey) const;
  bool is_in(JourneyIndex journey) const { return place_in(journey).has_value(); }

 private:
  struct Seat {
    JourneyIndex journey = 0;
    engine::Enrollment enrollment;
    Trail trail;
  };
  struct PlannedSend {
    std::size_t seat = 0;
    graph::StepIndex step = 0;
    std::uint32_t occurrence = 0;
  };

  std::size_t enrollment_count() const override { return seats_.size(); }
  bool is_live(std::size_t seat) const override { return !seats_[seat].enrollment.exit_reason; }
  void move(std::size_t seat, const engine::Input& input) override;
  void keep(const engine::EventFact& event) override { history_.push_back(event); }
  void enter_by(const engine::EventFact& event) override;
  void comes_back(const engine::EventFact& event) override;

  engine::Facts facts(JourneyIndex journey) const {
    return {*this, history_, world_.zones, assigned_[journey]};
  }
  const graph::Graph& graph_of(const Seat& seat) const {
    return world_.program.journeys()[seat.journey].graph();
  }
  bool set(const graph::Field& field);
  // What the engine made of a seat that was at `was_at`.
  void settle(std::size_t seat, graph::StepIndex was_at, engine::Advanced advanced);
  void try_entry(JourneyIndex journey, const engine::EventFact& event);
  void enter(JourneyIndex journey, const base::Hash128& unit, const engine::EventFact& event);
  void update_entry(std::size_t seat, const engine::EventFact& event);
  void restart(std::size_t seat);
  engine::EarlierEnrollments earlier(const base::Hash128& unit) const;
  // The live enrollment of this unit; there is at most one.
  std::size_t inside(const base::Hash128& unit) const;
  void carry_out(std::size_t seat, const std::vector<engine::Effect>& effects);
  void change_profile(std::size_t seat, const engine::ChangeProfile& change);
  void track(std::size_t seat, const engine::TrackEvent& track);
  void note(std::size_t seat, const engine::Note& note);
  void note_place(std::size_t seat);
  // Lets every planned message leave, and what that causes happen.
  void deliver_all();
  void deliver(const PlannedSend& planned);
  Occurrence& record(Occurrence::Kind kind, JourneyIndex journey);

  WorldContext& world_;
  bool is_other_user_;
  std::uint64_t id_ = 1;
  std::map<std::string, graph::Value, std::less<>> profile_;
  std::vector<engine::EventFact> history_;
  std::uint64_t next_event_ = 1;
  std::vector<Seat> seats_;
  std::vector<std::vector<engine::AssignedArm>> assigned_;  // by journey
  std::deque<PlannedSend> planned_;
  engine::Happenings happenings_{kMaxCausedEvents};
};

}  // namespace sojourn::testing
