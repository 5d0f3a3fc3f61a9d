// Steps of a journey, as written. Plain values that own their children; what
// ast_expr.h says about holes and depth holds here too.
//
// Lengths of time (D), counts (N) and times of day are an ExprPtr: a literal, or
// a name that stands for one (a `let`, a parameter of a fragment, `case.field`).
#pragma once

#include "dsl/ast_expr.h"

namespace sojourn::dsl::ast {

struct Step;

// `{ steps }`. The span includes the braces.
struct Block {
  Span span;
  std::vector<Step> steps;
};

// `allow unused-declaration "reason"` on the line above a statement or declaration.
struct Allow {
  Span span;
  Name message;  // kebab name
  StringText reason;
  Span target;  // what it stands above
};

struct InvalidStep {};

// `exit [as reason]`
struct Exit {
  std::optional<Name> reason;
};

// What to do instead: `continue`, `exit [as r]`, or a block.
struct Otherwise {
  enum class Kind : std::uint8_t { kContinue, kExit, kBlock };
  Kind kind = Kind::kContinue;
  Span span;
  Exit exit;
  Block block;
};

// A day for `wait until DAY 09:00` and recurring entries.
struct Day {
  enum class Kind : std::uint8_t { kEvery, kWorkday, kWeekday, kOfMonth };
  Kind kind = Kind::kEvery;
  Span span;
  int weekday = 0;       // kWeekday: 1 Monday to 7 Sunday
  ExprPtr day_of_month;  // kOfMonth
};

struct Send {
  Name campaign;
  std::optional<Map> with;
  std::optional<Span> at_best_time;
  ExprPtr within;  // a duration
  ExprPtr before;  // a timestamp
  std::optional<Span> again;
  // `else STEP` is a block of that one step.
  std::optional<Block> otherwise;
};

// wait 3d [at 09:00]
struct WaitFor {
  ExprPtr duration;
  ExprPtr at;  // null when absent
};

// wait until [DAY] 09:00[..17:00]
struct WaitUntilTime {
  std::optional<Day> day;
  ExprPtr from;
  ExprPtr to;  // null: not a window
};

// wait until T [at 09:00] [up to D] past … [missing …]
struct WaitUntil {
  ExprPtr moment;
  ExprPtr at;
  ExprPtr up_to;
  std::optional<Otherwise> past;
  std::optional<Otherwise> missing;
};

struct Since {
  enum class Kind : std::uint8_t { kEntry, kHere, kStep };
  Kind kind = Kind::kEntry;
  Span span;
  StepRef step;
};

// wait for EVENT [where …] [as e] [since …] up to D {…} timeout {…}
struct WaitForEvent {
  Trigger trigger;
  std::optional<Name> binding;
  std::optional<Since> since;
  ExprPtr up_to;
  std::optional<Block> then_block;
  std::optional<Block> timeout;
};

// wait for CONDITION up to D {…} timeout {…}
struct WaitForCondition {
  ExprPtr condition;
  ExprPtr up_to;
  std::optional<Block> then_block;
  std::optional<Block> timeout;
};

// wait up to D { on E {…}  when C {…}  timeout {…} }
struct WaitRace {
  struct Arm {
    enum class Kind : std::uint8_t { kOn, kWhen, kTimeout };
    Kind kind = Kind::kOn;
    Span span;
    Trigger trigger;              // kOn
    std::optional<Name> binding;  // kOn
    std::optional<Since> since;   // kOn
    ExprPtr condition;            // kWhen
    Block block;
  };
  ExprPtr up_to;
  std::vector<Arm> arms;
};

// schedule around T [up to D] [missing …] { 7d before at 10:00 {…} }
struct Schedule {
  struct Rung {
    Span span;
    ExprPtr offset;
    bool before = false;
    ExprPtr at;
    Block block;
  };
  ExprPtr moment;
  ExprPtr up_to;
  std::optional<Otherwise> missing;
  std::vector<Rung> rungs;
};

// collect EVENT [where …] as NAME for D [keep N]
struct Collect {
  Trigger trigger;
  Name binding;
  ExprPtr duration;
  ExprPtr keep;
};

struct If {
  struct Branch {
    Span span;  // `if C {…}` or `else if C {…}`
    ExprPtr condition;
    Block block;
  };
  std::vector<Branch> branches;  // at least one
  std::optional<Block> otherwise;
};

struct Match {
  struct Pattern {
    Span span;
    ExprPtr low;
    ExprPtr high;  // null: a single value
  };
  struct Arm {
    Span span;
    std::vector<Pattern> patterns;
    Block block;
  };
  ExprPtr value;
  std::vector<Arm> arms;
  std::optional<Block> otherwise;
};

// split NAME [by EXPR] { [measure …] [decide …] 50% a {…} 10% holdout }
struct Split {
  struct Measure {
    Span span;
    std::optional<EngagementVerb> verb;  // kOpened or kClicked
    Name goal;                           // when there is no verb
    ExprPtr within;
  };
  struct Decide {
    Span span;
    ExprPtr after;  // people per arm
    PercentLiteral at;
  };
  struct Arm {
    Span span;
    PercentLiteral share;
    Span share_span;
    Name name;  // `holdout` too
    std::optional<Block> block;
  };
  Name name;
  ExprPtr by;  // null: the user
  std::optional<Measure> measure;
  std::optional<Decide> decide;
  std::vector<Arm> arms;
};

struct Let {
  Name name;
  ExprPtr value;
};

struct UpdateUser {
  Map fields;
};

struct Track {
  Name event;
  Map fields;
};

struct ListChange {
  bool add = true;
  Name list;
};

// The target of an unsubscribe may also be a medium or `marketing`.
struct SubscriptionChange {
  bool subscribe = true;
  Name target;
};

// call WEBHOOK [with {…}] [as reply] up to 10s [{…}] [else {…}]
struct CallWebhook {
  Name webhook;
  std::optional<Map> with;
  std::optional<Name> binding;
  ExprPtr up_to;
  std::optional<Block> then_block;
  std::optional<Block> otherwise;
};

struct StartJourney {
  Name journey;
  std::optional<Map> with;
};

// repeat up to N times [until CONDITION] {…}
struct Repeat {
  ExprPtr times;
  ExprPtr until;
  Block block;
};

// use FRAGMENT(a, b)
struct Use {
  Name fragment;
  std::vector<ExprPtr> arguments;
};

using StepNode = std::variant<InvalidStep, Send, WaitFor, WaitUntilTime, WaitUntil, WaitForEvent,
                              WaitForCondition, WaitRace, Schedule, Collect, If, Match, Split, Let,
                              UpdateUser, Track, ListChange, SubscriptionChange, CallWebhook,
                              StartJourney, Repeat, Use, Exit>;

struct Step {
  Span span;  // label included
  std::optional<Name> label;
  StepNode node;
};

}  // namespace sojourn::dsl::ast
