// The workbench of one call of `advance` or `enter`: the enrollment as it
// changes, what it asks for so far, and what it may look at. Made by the call,
// handed by reference to the steps, gone when the call returns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/decision.h"
#include "engine/effect.h"
#include "engine/enrollment.h"
#include "engine/evaluate.h"
#include "engine/facts.h"
#include "graph/graph.h"

namespace sojourn::engine {

// The profile with what this turn has changed laid over it, so that steps after
// an `update user` see it.
class TurnProfile final : public ProfileView {
 public:
  explicit TurnProfile(const ProfileView& before) : before_(before) {}
  const graph::Value& field(std::string_view name) const override;
  graph::Value cleared(std::string_view name) const override { return before_.cleared(name); }
  // A missing value clears the field.
  void change(const graph::Field& field);

 private:
  const ProfileView& before_;
  std::vector<graph::Field> changed_;
};

// What the user belongs to, with the lists that this turn has changed laid over it.
// Subscriptions stand in the profile.
class TurnMemberships final : public MembershipView {
 public:
  // Null: the user belongs to nothing.
  explicit TurnMemberships(const MembershipView* before) : before_(before) {}
  const graph::MessageType* message_type(std::string_view name) const override;
  bool in_list(std::string_view list) const override;
  bool in_journey(std::string_view journey) const override;
  std::optional<base::Instant> left_at(std::string_view journey,
                                       std::string_view reason) const override;
  void change(std::string_view list, bool joins);

 private:
  const MembershipView* before_;
  std::vector<std::pair<std::string, bool>> changed_;
};

class Turn {
 public:
  Turn(const graph::Graph& graph, Enrollment enrollment, const Facts& facts, base::Instant now);
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  const graph::Graph& graph;
  const Facts& facts;
  const base::Instant now;
  Enrollment enrollment;
  TurnProfile profile;
  TurnMemberships memberships;
  std::vector<Effect> effects;
  // A message was planned and has not ended: an exit takes it back.
  bool send_open = false;
  // For how long the clock had stood still that this turn has followed.
  base::Millis clock_followed;
  // What `exit when` rules read has changed: they have to be looked at again before
  // the next step.
  bool conditions_changed = false;
  // Where the facts ask for them.
  std::vector<Decision> decisions;
  // Of the decision that comes next, which takes it.
  Reason why;

  Scope scope(const EventFact* event = nullptr) const { return scope_as_of(now, event); }
  // With another instant as `now`: a wait that follows its fields reads `now` as
  // of its arrival, else it would never come nearer.
  Scope scope_as_of(base::Instant instant, const EventFact* event = nullptr) const;

  bool ended() const { return enrollment.exit_reason.has_value(); }
  // Ends the enrollment, by an exit rule or otherwise; nothing stays armed or planned.
  void end(std::string_view reason, std::uint32_t rule = Note::kNoRule);

  // The enrollment rests at `step` from now on, with no timers yet.
  void rest(graph::StepIndex step);
  void arm(Timer timer) { enrollment.timers.push_back(std::move(timer)); }
  // This is the how-many-th time (from 1) that `step`'s effect is asked for.
  std::uint32_t count(graph::StepIndex step);
  void set_local(std::uint32_t slot, graph::Value value);

  void note(Note::Kind kind, graph::StepIndex step, std::string_view text = {},
            std::uint32_t number = 0);
  // Notes that `step` went this way; `arm` counts among its arms.
  void note_way(graph::StepIndex step, graph::Edge::Way way, std::string_view text,
                std::uint32_t arm = 0);

  // What follows does nothing where nobody asks for decisions.
  bool explains() const { return facts.explains; }
  // What `condition` reads in this scope is of the decision that comes next.
  void because(const Scope& scope, graph::ExprId condition);
  void decided(Decision::Kind kind, graph::StepIndex step, std::string_view what = {},
               std::uint32_t number = 0, std::optional<base::Instant> until = std::nullopt);
};

// When the rest at the current step ends if nothing comes; nothing: it has no time of its own.
std::optional<base::Instant> end_of_rest(const Enrollment& enrollment);
// Tells that the enrollment has come to rest where it is, or (`kMoved`) that its end has moved.
// A send tells of itself when it leaves.
void tell_of_rest(Turn& turn, Decision::Kind kind);

// A message of the enrollment may be under way.
bool rests_at_send(const graph::Graph& graph, const Enrollment& enrollment);

// How often `step`'s effect has been asked for.
std::uint32_t times_reached(const Enrollment& enrollment, graph::StepIndex step);

}  // namespace sojourn::engine
