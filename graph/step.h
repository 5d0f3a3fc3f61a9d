// Steps: the vertices of a journey. Every kind is a plain struct named as in
// the language; `next` fields are indices into Graph::steps.
//
// A *resting place* is a step where an enrollment waits for an input (send,
// wait, wait_until, wait_until_time, wait_for, schedule, collect, call); every other step is
// passed at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "graph/expression.h"

namespace sojourn::graph {

using StepIndex = std::uint32_t;
// As a `next`: the journey's own end, reason `completed`.
inline constexpr StepIndex kCompleted = UINT32_MAX;

// `send C with {…} at best time within D|before T else …`. Rests until the message has left or was
// skipped; data is read when it leaves.
struct Send {
  std::string campaign;
  ExprId data = kNoExpr;                 // a kObject, or none
  std::optional<base::Millis> deadline;  // `within D`; none: the policy's
  ExprId before = kNoExpr;               // a timestamp, read when the message would leave
  bool again = false;
  // `at best time`: it waits at most so long for the user's best hour; no more than a day.
  std::optional<base::Millis> best_time = {};
  StepIndex next = kCompleted;
  StepIndex unreachable = kCompleted;  // `else`; equals `next` when there is none
  friend bool operator==(const Send&, const Send&) = default;
};

// `wait 3d [at 09:00]`.
struct Wait {
  Duration duration;
  std::optional<TimeOfDay> at;
  StepIndex next = kCompleted;
  friend bool operator==(const Wait&, const Wait&) = default;
};

// `wait until T …`. Follows the fields of T while waiting. `past` and `missing`
// are where those cases go (`continue` is `next`).
struct WaitUntil {
  ExprId time = kNoExpr;
  std::optional<TimeOfDay> at;
  std::optional<base::Millis> up_to;
  StepIndex next = kCompleted;
  StepIndex past = kCompleted;
  StepIndex missing = kCompleted;
  friend bool operator==(const WaitUntil&, const WaitUntil&) = default;
};

// Days that a clock wait may fall on.
struct DayRule {
  enum class Kind : std::uint8_t { kEvery, kOfWeek, kOfMonth };
  Kind kind = Kind::kEvery;
  std::uint8_t weekdays = 0;      // kOfWeek: bit 0 is Monday, bit 6 Sunday; at least one
  std::vector<Date> except;       // kOfWeek: sorted, none twice
  std::uint8_t day_of_month = 0;  // kOfMonth: 1 to 31; months without it are left out
  friend bool operator==(const DayRule&, const DayRule&) = default;
};

// `wait until [DAY] 09:00` and `wait until [DAY] 09:00..17:00`. The next such local
// time, strictly later than now; inside a window, at once. A window that crosses
// midnight belongs to the day it begins on.
struct WaitUntilTime {
  DayRule day;
  TimeOfDay from;
  std::optional<TimeOfDay> to;  // the end of the window, outside it; never `from`
  StepIndex next = kCompleted;
  friend bool operator==(const WaitUntilTime&, const WaitUntilTime&) = default;
};

// Where the look back of an event wait begins.
enum class Since : std::uint8_t { kEntry, kHere, kStep };

struct EventArm {
  std::string event;
  ExprId where = kNoExpr;
  std::optional<std::uint32_t> bind;  // local slot of `as e`
  Since since = Since::kEntry;
  std::string since_step;  // identity, for kStep
  StepIndex next = kCompleted;
  friend bool operator==(const EventArm&, const EventArm&) = default;
};

struct ConditionArm {
  ExprId condition = kNoExpr;
  StepIndex next = kCompleted;
  friend bool operator==(const ConditionArm&, const ConditionArm&) = default;
};

// `wait for … up to D {…} timeout {…}`; several arms for `wait up to D {…}`.
// The first to happen; at one instant the first written.
struct WaitFor {
  std::vector<std::variant<EventArm, ConditionArm>> arms;
  base::Millis up_to;
  StepIndex timeout = kCompleted;
  friend bool operator==(const WaitFor&, const WaitFor&) = default;
};

struct Rung {
  Duration offset;      // distance from T, never negative
  bool before = false;  // before or after T
  std::optional<TimeOfDay> at;
  // The rung's first step; the rung's last step goes back to the schedule.
  StepIndex body = kCompleted;
  friend bool operator==(const Rung&, const Rung&) = default;
};

// `schedule around T … { rungs }`. Rungs in the order of time; each runs at
// most once; one whose moment has gone by is skipped and recorded.
struct Schedule {
  ExprId around = kNoExpr;
  std::optional<base::Millis> up_to;
  std::vector<Rung> rungs;
  StepIndex next = kCompleted;
  StepIndex missing = kCompleted;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// `if … else if … else …` and `match`: the first condition that holds.
struct Branch {
  std::vector<ConditionArm> arms;
  StepIndex otherwise = kCompleted;
  friend bool operator==(const Branch&, const Branch&) = default;
};

struct SplitArm {
  std::string name;
  std::uint32_t share = 0;  // in hundredths of a percent; all arms sum to 10,000
  StepIndex next = kCompleted;
  friend bool operator==(const SplitArm&, const SplitArm&) = default;
};

// `measure opened|clicked|GOAL within D`: whether an arm did well with somebody who took it.
struct SplitMeasure {
  enum class Kind : std::uint8_t {
    kOpened,   // they opened a message that the enrollment has sent since they took the arm
    kClicked,  // as kOpened
    kGoal,     // an event came that meets the goal
  };
  Kind kind = Kind::kGoal;
  std::uint32_t goal = 0;  // kGoal: of Graph::goals
  base::Millis within;     // from when the arm was taken, its end included
  friend bool operator==(const SplitMeasure&, const SplitMeasure&) = default;
};

// `decide after N per arm at P%`.
struct SplitDecision {
  std::uint32_t after = 1;       // people of each arm whose measure is known; at least 1
  std::uint32_t confidence = 0;  // in hundredths of a percent, less than 10,000
  friend bool operator==(const SplitDecision&, const SplitDecision&) = default;
};

// Of a split, the arm that is kept out for comparison; and what a test assigns somebody to
// who is held out of a journey.
inline constexpr std::string_view kHoldoutArm = "holdout";

// Sticky by hash of (journey, name, unit) until it is decided.
struct Split {
  std::string name;
  ExprId unit = kNoExpr;  // kNoExpr: the user
  std::vector<SplitArm> arms;
  std::optional<SplitMeasure> measure = {};
  std::optional<SplitDecision> decide = {};  // only with a measure
  friend bool operator==(const Split&, const Split&) = default;
};

struct Let {
  std::uint32_t slot = 0;
  ExprId value = kNoExpr;
  StepIndex next = kCompleted;
  friend bool operator==(const Let&, const Let&) = default;
};

// `update user { field: expr }`: applied locally at once and sent to Iterable.
struct UpdateUser {
  ExprId fields = kNoExpr;  // a kObject; a missing value clears the field
  StepIndex next = kCompleted;
  friend bool operator==(const UpdateUser&, const UpdateUser&) = default;
};

// `track EVENT { field: expr }`: to Iterable, and to ourselves as if it had arrived.
struct Track {
  std::string event;
  ExprId fields = kNoExpr;
  StepIndex next = kCompleted;
  friend bool operator==(const Track&, const Track&) = default;
};

// `start JOURNEY [with {…}]`: the same user enters it as if by the API.
struct Start {
  std::string journey;
  ExprId fields = kNoExpr;
  StepIndex next = kCompleted;
  friend bool operator==(const Start&, const Start&) = default;
};

// `add to list L`, `remove from list L`: true here at once, and sent to Iterable.
struct ChangeList {
  std::string list;
  bool joins = true;
  StepIndex next = kCompleted;
  friend bool operator==(const ChangeList&, const ChangeList&) = default;
};

// `subscribe to T`, `unsubscribe from T|MEDIUM|marketing`: as a ChangeList, of the
// consent to messages.
struct ChangeSubscription {
  std::vector<std::string> message_types;  // those meant, sorted, none twice
  bool subscribes = true;
  StepIndex next = kCompleted;
  friend bool operator==(const ChangeSubscription&, const ChangeSubscription&) = default;
};

struct Exit {
  std::string reason;
  friend bool operator==(const Exit&, const Exit&) = default;
};

// `repeat up to N times [until CONDITION] {…}`. The condition is looked at before
// each round; the body's last step comes back here.
struct Repeat {
  std::uint32_t times = 1;  // at least 1
  ExprId until = kNoExpr;
  StepIndex body = kCompleted;
  StepIndex next = kCompleted;
  friend bool operator==(const Repeat&, const Repeat&) = default;
};

// `collect EVENT where … as NAME for D keep N`: rests for D. Events that match are
// gathered into local `slot`, a list with the newest last: from the entry on, the
// entry event included, and on through all later steps. In later rounds of a repeat,
// from the arrival on.
struct Collect {
  std::string event;
  ExprId where = kNoExpr;
  base::Millis length;
  std::uint32_t slot = 0;           // the events; local `slot + 1` counts them all
  std::uint32_t keep = 1;           // so many of the newest stay in the list; at least 1
  std::vector<std::string> fields;  // that are kept of each
  StepIndex next = kCompleted;
  friend bool operator==(const Collect&, const Collect&) = default;
};

// `call WEBHOOK with {…} as reply up to D {…} else {…}`. Rests until the answer is there.
struct Call {
  std::string webhook;
  ExprId fields = kNoExpr;            // a kObject, or none; read on arrival
  std::optional<std::uint32_t> bind;  // local slot of `as reply`
  base::Millis up_to;                 // the time for all attempts
  StepIndex next = kCompleted;        // answered
  StepIndex otherwise = kCompleted;   // failed, or not answered in time
  friend bool operator==(const Call&, const Call&) = default;
};

// What must be at hand to take the next step from a resting place: the fields
// and history that any input there, and every step passed before the next
// resting place, can read. Derived from the rest by `compute_needs`.
struct Needs {
  std::vector<std::string> user_fields;  // sorted
  struct History {
    std::string event;
    Since since = Since::kEntry;
    friend auto operator<=>(const History&, const History&) = default;
  };
  std::vector<History> history;  // sorted; what waits look back at
  // Events that questions in expressions are about, whatever their window; sorted.
  std::vector<std::string> questions;
  friend bool operator==(const Needs&, const Needs&) = default;
};

struct Step {
  // Stable name (language 11): the label, the campaign of an unlabelled send,
  // or kind and place (`wait 1`, `block.wait 1`). Unique in the graph.
  std::string identity;
  std::variant<Send, Wait, WaitUntil, WaitFor, Schedule, Branch, Split, Let, UpdateUser, Track,
               Exit, WaitUntilTime, Repeat, Collect, Call, Start, ChangeList, ChangeSubscription>
      action;
  Needs needs;  // empty unless this is a resting place
  // Some `since` names it, so that the instant at which it is reached is kept. Derived
  // by `compute_needs` as well.
  bool looked_back_to = false;

  friend bool operator==(const Step&, const Step&) = default;
};

bool is_resting_place(const Step& step);

}  // namespace sojourn::graph
