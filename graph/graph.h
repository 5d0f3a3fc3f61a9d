// One version of one journey: the waist between the language, which makes it,
// and the engine, which runs it. A plain value; its canonical encoding
// (graph/encode.h) hashed is the version's name. What does not change the
// meaning (source places, documentation, Iterable's ids) is kept outside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "graph/expression.h"
#include "graph/sending_rules.h"
#include "graph/step.h"

namespace sojourn::graph {

// `enter on EVENT where …`.
struct EventEntry {
  std::string event;
  ExprId where = kNoExpr;
  friend bool operator==(const EventEntry&, const EventEntry&) = default;
};

// `enter [every year] on user.F [± D] [at 09:00]`: at that moment, for each user.
struct DateEntry {
  ExprId date = kNoExpr;  // a timestamp or a date of the profile
  bool every_year = false;
  Duration offset;  // never negative; less than a year when `every_year`
  bool before = false;
  std::optional<TimeOfDay> at;
  friend bool operator==(const DateEntry&, const DateEntry&) = default;
};

// `enter when CONDITION`: when it becomes true.
struct WhenEntry {
  ExprId condition = kNoExpr;
  friend bool operator==(const WhenEntry&, const WhenEntry&) = default;
};

// `enter every DAY at 09:00 for SEGMENT`: on each such day, for each user of whom the
// condition holds then.
struct ScheduleEntry {
  DayRule day;
  TimeOfDay at;
  ExprId condition = kNoExpr;
  friend bool operator==(const ScheduleEntry&, const ScheduleEntry&) = default;
};

// `enter at TIMESTAMP for SEGMENT`: once, for each user of whom the condition holds then.
struct OneTimeEntry {
  base::Instant at;
  ExprId condition = kNoExpr;
  friend bool operator==(const OneTimeEntry&, const OneTimeEntry&) = default;
};

// An entry that nobody sends: each user has to be watched for it. What starts the
// enrollment then is the event of `entry`, one of Graph::entries, which has no fields.
struct WatchedEntry {
  std::uint32_t entry = 0;
  std::variant<DateEntry, WhenEntry, ScheduleEntry, OneTimeEntry> rule;
  friend bool operator==(const WatchedEntry&, const WatchedEntry&) = default;
};

// `exit on EVENT where … as reason`.
struct ExitOnEvent {
  std::string event;
  ExprId where = kNoExpr;
  std::string reason;
  friend bool operator==(const ExitOnEvent&, const ExitOnEvent&) = default;
};

// `exit when CONDITION for D as reason`.
struct ExitWhen {
  ExprId condition = kNoExpr;
  std::string reason;
  base::Millis held = {};  // for so long without a break; zero: as soon as it holds
  friend bool operator==(const ExitWhen&, const ExitWhen&) = default;
};

// `goal NAME on EVENT where … within D value … and exit`.
struct Goal {
  std::string name;
  std::string event;
  ExprId where = kNoExpr;
  base::Millis within;     // from the entry, its end included
  ExprId value = kNoExpr;  // what one is worth, a number; kNoExpr: it is only counted
  bool and_exit = false;   // it ends the enrollment, the goal's name being the reason
  friend bool operator==(const Goal&, const Goal&) = default;
};
inline constexpr std::size_t kMaxGoals = 64;

// `pace N per D up to D else drop`: how many may enter, over all users.
struct Pace {
  std::uint32_t most = 1;             // at most kMaxPace
  base::Millis per;                   // a place is free again exactly so long after it was taken
  std::optional<base::Millis> up_to;  // who would wait longer does not enter
  friend bool operator==(const Pace&, const Pace&) = default;
};
inline constexpr std::uint32_t kMaxPace = 1'000;

// `reenter …`, of people who were inside with the same `one per` values.
struct Reentry {
  enum class Kind : std::uint8_t { kNever, kAlways, kAfter };
  Kind kind = Kind::kNever;
  Duration after;                      // kAfter: from the end of the last, by the journey's zone
  std::optional<std::uint32_t> times;  // so many re-entries; none: no limit
  friend bool operator==(const Reentry&, const Reentry&) = default;
};

// `while enrolled …`: a further entry with the same values while inside.
struct WhileEnrolled {
  enum class Kind : std::uint8_t { kIgnore, kUpdate, kRestart };
  Kind kind = Kind::kIgnore;
  std::uint32_t times = 0;  // kRestart: so many in a row
  friend bool operator==(const WhileEnrolled&, const WhileEnrolled&) = default;
};

struct Graph {
  std::string journey;
  std::string title;
  std::string owner;
  std::vector<EventEntry> entries;
  std::vector<WatchedEntry> watched;
  std::vector<ExprId> one_per;  // read over the entry; empty: one per user
  Reentry reentry;
  WhileEnrolled while_enrolled;
  // In the order written; at one input the first that holds gives the reason.
  std::vector<std::variant<ExitOnEvent, ExitWhen>> exits;
  // In the order written. They are looked at for those who have left, too.
  std::vector<Goal> goals;
  std::uint32_t holdout = 0;  // the share that gets nothing, in hundredths of a percent
  std::optional<Pace> pace;
  // The zone of the journey's own times: the first that gives a valid IANA
  // name. The last is a constant.
  std::vector<ExprId> zone_chain;
  // The zone of the person, for quiet hours, where it is another: read in the same way.
  // Empty: the journey's own times go by it too.
  std::vector<ExprId> person_zone_chain;
  Priority priority = Priority::kNormal;
  std::optional<QuietHours> quiet;  // beside the policy's

  // Fields of the entry that the program reads, and so all that is kept of it.
  std::vector<std::string> entry_fields;
  std::uint32_t local_count = 0;

  std::vector<Expression> expressions;
  std::vector<Step> steps;
  StepIndex first = kCompleted;

  friend bool operator==(const Graph&, const Graph&) = default;
};

using Version = base::Hash128;

// Fills Step::needs of every resting place, and what else a step or an expression
// derives from the rest of the graph. Called once, by the language.
void compute_needs(Graph& graph);

}  // namespace sojourn::graph
