// The part of the AST that stands inside declarations and steps: names, types,
// literals, expressions, and what they say about events. Plain values that own
// their children; built by ast_build, read by the checks; any thread.
//
// The tree may have holes where the text was broken: an empty Name, an Expr or
// TypeExpr of kind Invalid, a null ExprPtr where the grammar requires one. The
// fault has been reported already, so the checks say nothing about a hole.
// Depth is bounded (kMaxTreeDepth), so recursion over the tree is safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/source.h"

namespace sojourn::dsl::ast {

// No path from the file to a leaf is longer than this.
inline constexpr int kMaxTreeDepth = 256;

struct Name {
  std::string text;  // empty: a hole
  Span span;
  bool quoted = false;  // user."first name"
  explicit operator bool() const { return !text.empty(); }
};

// --- Literals ---------------------------------------------------------------

// Calendar parts first, then elapsed time: `1d12h` is {0, 1, 12 h}. A week is 7
// days, a year 12 months.
struct Duration {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t millis = 0;
};

struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;  // exists in that month
};

struct TimeOfDay {
  int minute = 0;  // of the day, 0 to 1439
};

struct Timestamp {
  enum class Zone : std::uint8_t { kOffset, kNamed };
  Date date;
  std::int64_t millis_of_day = 0;
  Zone zone = Zone::kOffset;
  int offset_minutes = 0;  // kOffset; `Z` is 0
  Name zone_name;          // kNamed, as written: the tz database is not consulted here
};

// --- Types ------------------------------------------------------------------

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;
struct Field;

struct StringText {
  std::string text;  // escapes resolved
  Span span;
};

struct TypeExpr {
  enum class Kind : std::uint8_t {
    kInvalid,
    kNamed,   // `string`, or a word that the checks may not know
    kOneOf,   // "a" | "b"
    kList,    // [T]
    kObject,  // { field T }
  };
  Kind kind = Kind::kInvalid;
  Span span;
  Name name;                          // kNamed
  std::vector<StringText> choices;    // kOneOf
  std::unique_ptr<TypeExpr> element;  // kList
  std::vector<Field> fields;          // kObject
  bool optional = false;              // T?
};

// A line of a field list: `seats integer`, `plan string? = "free"`.
struct Field {
  Span span;
  Name name;
  TypeExpr type;
  ExprPtr value;     // `= value`; null when absent
  std::string docs;  // comment lines directly above
};

// --- Expressions ------------------------------------------------------------

// `key: value`. Keys may be quoted.
struct MapEntry {
  Span span;
  Name key;
  ExprPtr value;
};

struct Map {
  Span span;
  std::vector<MapEntry> entries;
};

struct Invalid {};

// "a${user.b}c": texts and expressions in turn. A string without `${…}` has at
// most one part, a text; the empty string has none.
struct StringLiteral {
  struct Part {
    std::string text;  // escapes resolved
    ExprPtr value;     // null for a text part
  };
  std::vector<Part> parts;
  bool is_plain() const { return parts.empty() || (parts.size() == 1 && !parts[0].value); }
  // The text of a plain string.
  std::string plain() const { return parts.empty() ? std::string() : parts[0].text; }
};

struct IntegerLiteral {
  std::int64_t value = 0;
};
struct NumberLiteral {
  double value = 0;
};
// 12.5% is 1250: hundredths of a percent.
struct PercentLiteral {
  std::int64_t basis_points = 0;
};
struct BooleanLiteral {
  bool value = false;
};
struct MissingLiteral {};
struct DurationLiteral {
  Duration value;
};
struct TimeOfDayLiteral {
  TimeOfDay value;
};
struct DateLiteral {
  Date value;
};
struct TimestampLiteral {
  Timestamp value;
};

// A bare word: a root (`user`, `entry`, `event`, `it`, `case`), `now`, a
// constant, or a name bound by `as` or `let`.
struct NameRef {
  Name name;
};

// object.field
struct FieldRef {
  ExprPtr object;
  Name field;
};

struct ListLiteral {
  std::vector<ExprPtr> items;
};

struct MapLiteral {
  Map map;
};

struct Not {
  ExprPtr operand;
};

struct Negate {
  ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,  // x in [a, b]
  kContains,
  kStartsWith,
  kEndsWith,
  kMatches,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kDefault,  // x default y
};

struct Binary {
  BinaryOp op = BinaryOp::kOr;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};

// `x is set`, `x is missing`
struct IsTest {
  ExprPtr operand;
  bool missing = false;
};

struct IfExpr {
  ExprPtr condition;
  ExprPtr then_value;
  ExprPtr else_value;
};

// lower(x), days_between(a, b). `min(a, b)` with two arguments is a Call, with
// one it is an Aggregate.
struct Call {
  Name function;
  std::vector<ExprPtr> arguments;
};

// --- What happened: events, engagement, history -------------------------------

// A step by its identity: `ci_instead`, `use_label.step`, `block.wait 1`.
struct StepRef {
  std::string text;  // parts joined by `.`, a number after one space; empty: a hole
  Span span;
};

enum class EngagementVerb : std::uint8_t {
  kReceived,
  kSent,
  kOpened,
  kClicked,
  kBounced,
  kComplained,
  kUnsubscribed,
};

struct Engagement {
  EngagementVerb verb = EngagementVerb::kOpened;
  Span verb_span;
  Name target;  // campaign, send step, message type, medium or the word `any`
};

// What `on`, `wait for` and `collect` look out for.
struct Trigger {
  enum class Kind : std::uint8_t {
    kInvalid,
    kEvent,       // login
    kEngagement,  // opened trial_welcome
    kChanged,     // user.plan changed
  };
  Kind kind = Kind::kInvalid;
  Span span;
  Name event;
  Engagement engagement;
  ExprPtr field;
  ExprPtr where;  // null when absent
};

// How far back a question looks. kNone: all kept history, or for engagement this
// enrollment's latest send.
struct Window {
  enum class Kind : std::uint8_t { kNone, kWithin, kEver, kSinceEntry, kSinceStep, kBeforeEntry };
  Kind kind = Kind::kNone;
  Span span;
  ExprPtr within;  // kWithin
  StepRef step;    // kSinceStep
};

// What a question or an aggregate is about: an event, an engagement, or a list.
struct Collection {
  enum class Kind : std::uint8_t {
    kInvalid,
    kPath,        // login, entry.items; in an aggregate also login.amount
    kEngagement,  // opened trial_welcome
  };
  Kind kind = Kind::kInvalid;
  Span span;
  // kPath: a NameRef or FieldRef. In an aggregate the last field may be the one
  // to add up: the checks split it off.
  ExprPtr path;
  Engagement engagement;
  ExprPtr where;  // null when absent
  Window window;
};

// `any login`, `at least 3 login within 7d`, `every entry.items where it.ok`
struct Question {
  enum class Quantifier : std::uint8_t { kAny, kNo, kEvery, kAtLeast, kAtMost, kExactly };
  Quantifier quantifier = Quantifier::kAny;
  ExprPtr count;  // for the last three
  Collection collection;
};

// `opened trial_welcome` on its own as a condition.
struct EngagementTest {
  Engagement engagement;
  ExprPtr where;
  Window window;
};

// count(C) sum(C.f) min max avg first last, list(C.f first N)
struct Aggregate {
  Name function;
  Collection collection;
  ExprPtr first;  // `first N` of `list`; null when absent
};

struct Membership {
  enum class Kind : std::uint8_t { kInList, kInSegment, kSubscribedTo, kInJourney, kLeft };
  Kind kind = Kind::kInList;
  Name target;
  std::optional<Name> reason;  // left J as reason
  ExprPtr within;              // left J within D; null when absent
};

using ExprNode =
    std::variant<Invalid, StringLiteral, IntegerLiteral, NumberLiteral, PercentLiteral,
                 BooleanLiteral, MissingLiteral, DurationLiteral, TimeOfDayLiteral, DateLiteral,
                 TimestampLiteral, NameRef, FieldRef, ListLiteral, MapLiteral, Not, Negate, Binary,
                 IsTest, IfExpr, Call, Question, EngagementTest, Aggregate, Membership>;

// Use std::visit, or std::get_if<ast::Binary>(&expr.node).
struct Expr {
  Span span;
  ExprNode node;
  bool is_invalid() const { return std::holds_alternative<Invalid>(node); }
};

}  // namespace sojourn::dsl::ast
