// A `test` block, checked: what testing/ carries out. A value; names are those of
// the program it was compiled with, and values are expressions in a pool of its
// own, which read nothing but the `case` row at hand (local 0, an object).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "dsl/source.h"
#include "graph/engagement.h"
#include "graph/graph.h"

namespace sojourn::dsl {

struct TestField {
  std::string name;
  graph::ExprId value = graph::kNoExpr;
};

// --- Given ----------------------------------------------------------------------

// `user {…}`: the profile at the start.
struct GivenProfile {
  std::vector<TestField> fields;
};
// `subscribed T`, `unsubscribed T`. Once something has happened it is a change of
// the profile.
struct GivenConsent {
  bool subscribed = true;
  std::string message_type;
};
// `assign SPLIT ARM`, `assign JOURNEY holdout`, `assign HOLDOUT holdout`: from here on.
struct GivenArm {
  std::string split;
  std::string arm;
};

// --- Something happens ------------------------------------------------------------

// `event E {…} [for other users] [arrives late by D]`
struct EventArrives {
  std::string event;
  std::vector<TestField> fields;
  bool for_other_users = false;
  graph::ExprId late_by = graph::kNoExpr;  // a duration
};
// `enter J {…}`: as if by the API.
struct EntersByApi {
  std::string journey;
  std::vector<TestField> fields;
};
// `update {…}`: the profile changes from outside.
struct ProfileIsUpdated {
  std::vector<TestField> fields;
};
// `reply W {…}`, `fail W`: to the call of it that was made first and not answered yet.
struct CallIsAnswered {
  std::string webhook;
  std::vector<TestField> reply;
  bool failed = false;
};
// `opened C`, `clicked C`, `bounced C`: with the last message of that campaign.
struct Engages {
  graph::Engagement what = graph::Engagement::kOpened;
  std::string campaign;
};
// `joined L`, `left L`
struct ListChanges {
  bool joined = true;
  std::string list;
};
// `after D`, `until T`, `to the end`
struct TimePasses {
  enum class Kind : std::uint8_t { kAfter, kUntil, kToTheEnd };
  Kind kind = Kind::kToTheEnd;
  graph::ExprId amount = graph::kNoExpr;  // a duration, a timestamp, none
};

// --- Expected ---------------------------------------------------------------------

// `expect send C [{…}] [from J]`. `journey` is that of the test without `from`.
struct ExpectSend {
  std::string campaign;
  std::vector<TestField> data;
  std::string journey;
};
struct ExpectSkip {
  std::string campaign;
  std::string reason;
};
struct ExpectUpdate {
  std::vector<TestField> fields;
};
struct ExpectTrack {
  std::string event;
  std::vector<TestField> fields;
};
struct ExpectAt {
  std::string step;  // its identity
};
struct ExpectExit {
  std::string reason;  // empty: any
};
struct ExpectGoal {
  std::string goal;
};
struct ExpectIn {
  bool negated = false;
  std::string journey;
};

// --- Holds throughout ---------------------------------------------------------------

struct AlwaysAtMost {
  std::int64_t sends = 0;
  base::Millis per;
};
struct AlwaysNotSend {
  std::string campaign;
};

using TestAction = std::variant<GivenProfile, GivenConsent, GivenArm, EventArrives, EntersByApi,
                                ProfileIsUpdated, Engages, ListChanges, CallIsAnswered, TimePasses,
                                ExpectSend, ExpectSkip, ExpectUpdate, ExpectTrack, ExpectAt,
                                ExpectExit, ExpectGoal, ExpectIn, AlwaysAtMost, AlwaysNotSend>;

struct TestLine {
  Span span;
  TestAction action;
};

// `case NAME {…}`
struct TestCase {
  std::string name;
  graph::ExprId fields = graph::kNoExpr;  // a kObject
};

struct TestPlan {
  std::string journey;
  std::string title;
  Span place;                            // its first line
  graph::ExprId start = graph::kNoExpr;  // `at TIMESTAMP`
  std::vector<TestCase> cases;           // none: the test runs once
  std::vector<TestLine> lines;           // in the order written
  graph::Graph values;                   // only its pool of expressions
};

}  // namespace sojourn::dsl
