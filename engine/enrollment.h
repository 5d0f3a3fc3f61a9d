// One user's way through one version of a journey. A plain value; what it holds
// is all that is kept while the person waits, so every field is there because
// a later step reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "calendar/zone.h"
#include "graph/graph.h"

namespace sojourn::engine {

// The local time that a calendar wait aims at. Kept beside the instant so that a
// changed zone or new zone rules can move the timer. Elapsed waits have none.
struct Intent {
  calendar::LocalTime local;
  std::string zone;
  std::string tz_version;
  friend bool operator==(const Intent&, const Intent&) = default;
};

struct Timer {
  enum class Purpose : std::uint8_t {
    kWait,       // the end of a wait, a wait_until or the timeout of a wait_for
    kRung,       // rung `index` of the schedule
    kPlace,      // the place in the queue of `pace` has come
    kCondition,  // a standing condition is to be looked at, by time alone (standing.h)
  };
  Purpose purpose = Purpose::kWait;
  std::uint32_t index = 0;
  base::Instant due;
  std::optional<Intent> intent;
  friend bool operator==(const Timer&, const Timer&) = default;
};

// A step with an effect (send, update_user, track) that was reached: how often,
// so that each effect has its own key and a repeated message is recognised.
struct SendCount {
  graph::StepIndex step = 0;
  std::uint32_t times = 0;
  friend bool operator==(const SendCount&, const SendCount&) = default;
};

// A schedule that has been entered and not left. Kept while a rung's own steps
// run, which may rest elsewhere.
struct ScheduleState {
  graph::StepIndex step = 0;
  base::Instant reached;
  std::uint64_t done = 0;                // bit i: rung i has run or was skipped (64 rungs at most)
  std::optional<std::uint32_t> running;  // the rung whose steps are being run
  friend bool operator==(const ScheduleState&, const ScheduleState&) = default;
};

// A repeat that has been entered and not left.
struct LoopState {
  graph::StepIndex step = 0;
  std::uint32_t rounds = 0;  // begun so far
  friend bool operator==(const LoopState&, const LoopState&) = default;
};

// When a step that some `since STEP` names was last reached.
struct StepReached {
  graph::StepIndex step = 0;
  base::Instant at;
  friend bool operator==(const StepReached&, const StepReached&) = default;
};

// The arm of a split that was taken last.
struct ArmTaken {
  graph::StepIndex split = 0;
  std::uint32_t arm = 0;
  friend bool operator==(const ArmTaken&, const ArmTaken&) = default;
};

// A split whose measure may still be met.
struct OpenMeasure {
  graph::StepIndex split = 0;
  base::Instant since;  // when its arm was taken
  friend bool operator==(const OpenMeasure&, const OpenMeasure&) = default;
};

// What is counted of an enrollment, also after its end.
struct Measure {
  bool held_out = false;        // by the journey's holdout
  bool again = false;           // an earlier enrollment may have been counted by a split
  std::uint64_t goals_met = 0;  // bit i: Graph::goals[i]
  std::vector<ArmTaken> arms;   // kept where there are goals, and of measured splits
  std::vector<OpenMeasure> open;
  friend bool operator==(const Measure&, const Measure&) = default;
};

// The condition of an `exit when … for D` holds, without a break since then.
struct HeldSince {
  std::uint32_t rule = 0;  // in Graph::exits
  base::Instant since;
  friend bool operator==(const HeldSince&, const HeldSince&) = default;
};

// How long the journey's clock has stood still (freeze.h), as far as it is in the instants of
// an enrollment.
struct ClockFollowed {
  base::Millis all;   // since the journey began
  base::Millis here;  // since the resting place was reached
  friend bool operator==(const ClockFollowed&, const ClockFollowed&) = default;
};

struct Enrollment {
  std::uint64_t user = 0;    // internal id
  std::uint32_t number = 0;  // counts this user's enrollments from 1, never reused
  graph::Version version;
  base::Hash128 unit;  // hash of (journey, `one per` values)

  base::Instant entered_at;                // when the daemon took the entry
  base::Instant entry_created_at;          // `entry.createdAt`
  std::uint64_t entry_event = 0;           // EventFact::number of the entry event
  std::vector<graph::Value> entry_fields;  // by Graph::entry_fields

  // Waits for its place under `pace`: `at` is the first step, which is not reached yet.
  bool queued = false;
  graph::StepIndex at = 0;           // the resting place
  base::Instant arrived_at;          // when it was reached; the end, once it has ended
  std::vector<graph::Value> locals;  // by slot; shorter when the rest is missing
  std::vector<Timer> timers;
  std::vector<std::uint64_t> used_events;  // EventFact::number; each ended a wait
  std::vector<SendCount> sends;
  std::vector<ScheduleState> schedules;  // innermost last
  std::vector<StepReached> reached;
  std::vector<LoopState> loops;  // innermost last
  std::vector<HeldSince> held;
  ClockFollowed clock_followed;

  Measure measure;

  // Set once, by the turn that ends it; `at` is then kCompleted and nothing is armed.
  std::optional<std::string> exit_reason;

  // Earliest due of `timers`.
  std::optional<base::Instant> next_due() const;

  friend bool operator==(const Enrollment&, const Enrollment&) = default;
};

}  // namespace sojourn::engine
