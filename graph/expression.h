// Expressions of a journey, in one pool per graph, so that a graph is a plain
// value and its encoding has no pointers. A node's arguments always stand
// before it in the pool; the verifier holds that, so evaluation terminates. How
// many arguments an operation takes stands in graph/operation.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "graph/pattern.h"
#include "graph/value.h"

namespace sojourn::graph {

using ExprId = std::uint32_t;
inline constexpr ExprId kNoExpr = UINT32_MAX;

// Stored by number: a new one goes to the end, or the encoding version changes.
enum class Op : std::uint8_t {
  // Leaves.
  kConstant,        // `constant`
  kUserField,       // profile field `name`, now
  kEntryField,      // graph.entry_fields[slot]
  kEventField,      // field `name` of the event at hand (inside a `where`)
  kLocal,           // local `slot` (a `let`, or the event bound by `as`, an object)
  kNow,             //
  kEntryCreatedAt,  //
  kEventCreatedAt,  //
  // Logic; `and`, `or`, `if` do not evaluate what they need not.
  kNot,
  kAnd,  // two or more
  kOr,   // two or more
  kIf,   // condition, then, else; `name`, if there is one, says for people what it is
  // Comparison; a missing value equals nothing and is neither less nor greater.
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,  // value, then the candidates
  kContains,
  kStartsWith,
  kEndsWith,
  kIsSet,
  kDefault,  // value, fallback
  // Arithmetic; overflow and division by zero give the missing value.
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kNegate,
  kAddDuration,       // timestamp, duration: by the calendar of the journey's zone
  kSubtractDuration,  // timestamp, duration
  kDifference,        // timestamp, timestamp: an elapsed duration
  // Functions, by the language's names.
  kLower,
  kUpper,
  kTrim,
  kLength,
  kRound,
  kFloor,
  kCeil,
  kMin,  // two or more
  kMax,  // two or more
  kAbs,
  kDate,
  kTime,
  kWeekday,
  kMonth,
  kDay,
  kYear,
  kDaysBetween,
  kHash,
  // Construction.
  kConcat,  // string interpolation; any number
  kList,    // any number
  kObject,  // `names[i]` gets argument i
  kMember,  // field `name` of argument 0, an object
  // Over what has happened: the kept events called `name` in `window` for which
  // the last argument holds, if there is one more than the operation needs.
  // Inside the arguments `event` is each of them in turn. Missing when `window`
  // begins at a step that was never reached. Of messages and what became of them
  // (graph/engagement.h), names[0] says for people what the question is about.
  kCountEvents,
  kSumEvents,  // the first argument is what is added up, compared, averaged
  kMinEvents,
  kMaxEvents,
  kAvgEvents,
  kFirstEvent,  // the event, an object, by when it happened
  kLastEvent,
  kListEvents,  // the first `slot` values of the argument, by when they happened; 0: all
  // The same of the items of a list, the first argument. Inside the others kItem is
  // each of them in turn; what is added up comes before the condition.
  kItem,
  kCountItems,
  kSumItems,
  kMinItems,
  kMaxItems,
  kAvgItems,
  kFirstItem,
  kLastItem,
  kListItems,
  // What the user belongs to now.
  kSubscribedTo,  // message type `name`
  kInList,        // list `name`
  kInJourney,     // an enrollment in journey `name` goes on
  kLeftJourney,   // one in journey `name` ended, in `window` (kAll or kWithin), for the
                  // reason names[0] if there is one
  kMatches,       // the pattern `constant` is found in the argument, a text
};

// Which part of the history a question is about, by when events happened.
struct Window {
  enum class Kind : std::uint8_t {
    kAll,  // everything that is kept
    kWithin,
    kSinceEntry,   // after the event that started the enrollment
    kSinceStep,    // since the step was last reached
    kBeforeEntry,  // before the event that started the enrollment
    // Whenever it happened: messages of this enrollment and what became of them, by
    // the event's field `enrollment`; one without it is not known to be another's.
    kThisEnrollment,
  };
  Kind kind = Kind::kAll;
  base::Millis within;     // kWithin: exactly that long ago is inside
  std::string since_step;  // kSinceStep: its identity

  friend bool operator==(const Window&, const Window&) = default;
};

struct Expression {
  Op op = Op::kConstant;
  std::vector<ExprId> arguments;
  Value constant;
  std::string name;
  std::uint32_t slot = 0;
  std::vector<std::string> names;
  Window window;
  CompiledPattern compiled;  // kMatches; derived by compute_needs

  friend bool operator==(const Expression&, const Expression&) = default;
};

}  // namespace sojourn::graph
