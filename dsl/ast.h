// The abstract syntax tree of one file: what the author wrote, without layout.
// Names are not looked up here; spans lead back to the text. What ast_expr.h says
// about ownership, holes and depth holds for all of it.
#pragma once

#include "dsl/ast_step.h"

namespace sojourn::dsl::ast {

// --- The declared world -------------------------------------------------------

struct UserFields {
  std::vector<Field> fields;
};

// `for users where user.F == event.G | user.F contains event.G up to N`
struct FanOut {
  Span span;
  ExprPtr condition;
  ExprPtr up_to;
};

struct Event {
  Name name;
  std::optional<StringText> wire_name;
  std::optional<std::vector<Field>> fields;
  std::optional<FanOut> fan_out;
};

struct ExternalId {
  std::int64_t value = 0;
  Span span;
};

struct MessageType {
  enum class Consent : std::uint8_t { kOptIn, kOptOut, kDoubleOptIn };
  Name name;
  std::optional<ExternalId> id;
  bool transactional = false;
  Consent consent = Consent::kOptIn;
  std::optional<ExternalId> channel;
  std::optional<StringText> deprecated;
};

enum class Medium : std::uint8_t { kEmail, kSms, kPush, kWebPush, kInApp, kWhatsapp };

struct Campaign {
  Name name;
  std::optional<ExternalId> id;
  std::optional<Medium> medium;  // nullopt: a hole
  Name message_type;
  std::optional<std::vector<Field>> data;
  std::optional<bool> at_most_once;  // `delivery …`
  std::optional<Span> once;
};

struct List {
  Name name;
  std::optional<ExternalId> id;
};

struct Webhook {
  Name name;
  std::optional<StringText> url;
  std::optional<Name> method;
  std::optional<Map> headers;
  std::optional<Name> secret;
  ExprPtr timeout;
  std::optional<std::vector<Field>> returns;
};

// `segment name = condition` and `let name = expression`.
struct Segment {
  Name name;
  ExprPtr condition;
};
struct Constant {
  Name name;
  ExprPtr value;
};

struct Fragment {
  struct Parameter {
    Span span;
    Name name;
    TypeExpr type;
  };
  Name name;
  std::vector<Parameter> parameters;
  Block block;
};

// --- Lines that the policy and a journey share ---------------------------------

// timezone user.timeZone default "America/New_York"
struct TimezoneLine {
  ExprPtr chain;
};

// `N per D` of caps and pace.
struct Rate {
  Span span;
  ExprPtr count;
  ExprPtr per;
};

// quiet SCOPE 21:00..08:00[, sunday, HOLIDAYS] defer up to D else drop
struct QuietLine {
  Name scope;
  ExprPtr from;
  ExprPtr to;
  std::vector<Name> days;  // weekday words and names of date lists
  ExprPtr defer_up_to;
};

// --- Policy -------------------------------------------------------------------

struct WorkdaysLine {
  Day from;
  Day to;
  Name except;  // empty when absent
};
struct CapLine {
  Name scope;
  std::vector<Rate> rates;
  ExprPtr defer_up_to;
};
struct HoldoutLine {
  PercentLiteral share;
  Name name;  // policy only
};
struct RequireLine {
  std::vector<Name> clauses;
};
struct ForbidLine {
  Name message_type;
  StringText why;
};
struct DeadlineLine {
  ExprPtr duration;
};
struct KeepLine {
  Name event;
  ExprPtr duration;
};

using PolicyNode = std::variant<Invalid, TimezoneLine, WorkdaysLine, QuietLine, CapLine,
                                HoldoutLine, RequireLine, ForbidLine, DeadlineLine, KeepLine>;

struct PolicyLine {
  Span span;
  PolicyNode node;
};

struct Policy {
  std::vector<PolicyLine> lines;
};

// --- Journeys -----------------------------------------------------------------

struct OwnerClause {
  StringText owner;
};

// enter on EVENT [where …] · enter on user.F changed [where …]
struct EnterOn {
  Trigger trigger;
};
struct EnterWhen {
  ExprPtr condition;
};
// enter [every year] on user.F [± D] [at 09:00]
struct EnterOnDate {
  bool every_year = false;
  ExprPtr field;
  bool minus = false;
  ExprPtr offset;
  ExprPtr at;
};
struct EnterOnList {
  Name list;
};
struct EnterOnApi {
  std::optional<std::vector<Field>> fields;
};
// enter every DAY at 09:00 for SEGMENT
struct EnterEvery {
  Day day;
  ExprPtr at;
  Name segment;
};
// enter at TIMESTAMP for SEGMENT
struct EnterAt {
  ExprPtr moment;
  Name segment;
};

struct OnePerClause {
  std::vector<ExprPtr> values;
};
struct ReenterClause {
  enum class Kind : std::uint8_t { kNever, kAlways, kAfter };
  Kind kind = Kind::kNever;
  ExprPtr after;
  ExprPtr up_to_times;
};
struct WhileEnrolledClause {
  enum class Kind : std::uint8_t { kIgnore, kUpdate, kRestart };
  Kind kind = Kind::kIgnore;
  ExprPtr up_to_times;
};
struct PaceClause {
  Rate rate;
  ExprPtr up_to;
};
struct ExitOn {
  Trigger trigger;
  std::optional<Name> reason;
};
struct ExitWhen {
  ExprPtr condition;
  ExprPtr for_duration;
  std::optional<Name> reason;
};
struct GoalClause {
  Name name;
  Trigger trigger;
  ExprPtr within;
  ExprPtr value;
  bool and_exit = false;
};
struct DataClause {
  Map data;
};
struct PriorityClause {
  enum class Level : std::uint8_t { kLow, kNormal, kHigh };
  Level level = Level::kNormal;
};
struct OnEditClause {
  bool pin = false;
};

// assert at most N sends [of X] [per D]
struct AssertAtMost {
  ExprPtr count;
  Name target;  // empty when absent
  ExprPtr per;
};
struct AssertEndsWithin {
  ExprPtr duration;
};
// assert no send [X] after EVENT
struct AssertNoSendAfter {
  Name target;  // empty when absent
  Trigger after;
};
struct AssertReaches {
  StepRef step;
};

// moved A -> B
struct MovedLine {
  StepRef from;
  StepRef to;
};
// removed A -> exit as r, or -> STEP
struct RemovedLine {
  StepRef step;
  std::optional<Exit> exit;
  StepRef to;  // when there is no exit
};
// retime A recompute
struct RetimeLine {
  enum class Kind : std::uint8_t { kKeep, kRecompute, kEarlier, kLater };
  StepRef step;
  Kind kind = Kind::kKeep;
};

using ClauseNode =
    std::variant<Invalid, OwnerClause, EnterOn, EnterWhen, EnterOnDate, EnterOnList, EnterOnApi,
                 EnterEvery, EnterAt, OnePerClause, ReenterClause, WhileEnrolledClause, PaceClause,
                 ExitOn, ExitWhen, GoalClause, TimezoneLine, QuietLine, DataClause, PriorityClause,
                 HoldoutLine, OnEditClause, AssertAtMost, AssertEndsWithin, AssertNoSendAfter,
                 AssertReaches, MovedLine, RemovedLine, RetimeLine>;

struct Clause {
  Span span;
  ClauseNode node;
};

struct Journey {
  Name name;
  std::optional<StringText> title;
  std::vector<Clause> clauses;  // in the order written
  Block block;                  // the steps; its span is the body with its braces
};

// --- Tests --------------------------------------------------------------------

// case NAME { field: value }
struct CaseLine {
  Name name;
  Map fields;
};
// at TIMESTAMP
struct AtLine {
  ExprPtr moment;
};
struct UserLine {
  Map fields;
};
struct SubscribedLine {
  bool subscribed = true;
  Name message_type;
};
struct EventLine {
  Name event;
  std::optional<Map> fields;
  bool for_other_users = false;
  ExprPtr late_by;
};
struct UpdateLine {
  Map fields;
};
// opened C
struct EngagementLine {
  EngagementVerb verb = EngagementVerb::kOpened;
  Name campaign;
};
struct AssignLine {
  Name split;
  Name arm;
};
// reply webhook { … } · fail webhook
struct ReplyLine {
  bool fail = false;
  Name webhook;
  std::optional<Map> fields;
};
struct AfterLine {
  ExprPtr duration;
};
struct UntilLine {
  ExprPtr moment;
};
struct ToTheEndLine {};
// joined L · left L
struct ListLine {
  bool joined = true;
  Name list;
};
// enter J { … }
struct EnterLine {
  Name journey;
  std::optional<Map> fields;
};
struct ExpectSend {
  Name campaign;
  std::optional<Map> data;
  Name from_journey;  // empty when absent
};
struct ExpectSkip {
  Name campaign;
  Name reason;
};
struct ExpectUpdate {
  Map fields;
};
struct ExpectTrack {
  Name event;
  std::optional<Map> fields;
};
struct ExpectAt {
  StepRef step;
};
struct ExpectExit {
  Name reason;  // empty when absent
};
struct ExpectIn {
  bool negated = false;
  Name journey;
};
struct ExpectGoal {
  Name goal;
};
// always at most N sends per D
struct AlwaysAtMost {
  ExprPtr count;
  ExprPtr per;
};
// always not send X
struct AlwaysNotSend {
  Name campaign;
};

using TestLineNode =
    std::variant<Invalid, CaseLine, AtLine, UserLine, SubscribedLine, EventLine, UpdateLine,
                 EngagementLine, AssignLine, ReplyLine, AfterLine, UntilLine, ToTheEndLine,
                 ListLine, EnterLine, ExpectSend, ExpectSkip, ExpectUpdate, ExpectTrack, ExpectAt,
                 ExpectExit, ExpectIn, ExpectGoal, AlwaysAtMost, AlwaysNotSend>;

struct TestLine {
  Span span;
  TestLineNode node;
};

struct Test {
  Name journey;
  StringText title;
  std::vector<TestLine> lines;
};

// --- A file -------------------------------------------------------------------

// `language 1`
struct Language {
  std::int64_t version = 1;
};

using DeclarationNode =
    std::variant<Invalid, Language, UserFields, Event, MessageType, Campaign, List, Webhook,
                 Segment, Constant, Fragment, Policy, Journey, Test>;

struct Declaration {
  Span span;         // the whole declaration
  Span head;         // its first line up to the brace, for labels
  std::string docs;  // comment lines directly above, without `#`, joined by line feeds
  // Some of it could not be read: its name may be a hole, parts may be absent.
  bool incomplete = false;
  DeclarationNode node;
};

struct File {
  FileIndex index = 0;
  std::vector<Declaration> declarations;  // in the order written
  std::vector<Allow> allows;              // those that stand above something
};

}  // namespace sojourn::dsl::ast
