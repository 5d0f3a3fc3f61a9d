#include "tests/unit/graph/samples.h"

#include <stdexcept>

#include "graph/verify.h"

namespace sojourn::graph::samples {
namespace {

Duration days(std::int32_t n) {
  return Duration{.days = n};
}

Send send(std::string campaign, StepIndex next, StepIndex unreachable) {
  Send out;
  out.campaign = std::move(campaign);
  out.next = next;
  out.unreachable = unreachable;
  return out;
}

Graph finish(Graph graph) {
  compute_needs(graph);
  if (const base::Status sound = verify(graph); !sound) {
    throw std::logic_error(sound.error().message);
  }
  return graph;
}

}  // namespace

ExprId Pool::constant(Value value) {
  Expression e;
  e.constant = std::move(value);
  return add(std::move(e));
}

ExprId Pool::apply(Op op, std::vector<ExprId> arguments) {
  return named(op, "", std::move(arguments));
}

ExprId Pool::object(std::vector<std::string> names, std::vector<ExprId> arguments) {
  Expression e;
  e.op = Op::kObject;
  e.arguments = std::move(arguments);
  e.names = std::move(names);
  return add(std::move(e));
}

ExprId Pool::named(Op op, std::string name, std::vector<ExprId> arguments) {
  Expression e;
  e.op = op;
  e.name = std::move(name);
  e.arguments = std::move(arguments);
  return add(std::move(e));
}

ExprId Pool::slotted(Op op, std::uint32_t slot) {
  Expression e;
  e.op = op;
  e.slot = slot;
  return add(std::move(e));
}

EventArm on_event(std::string event, StepIndex next) {
  EventArm arm;
  arm.event = std::move(event);
  arm.next = next;
  return arm;
}

ExprId Pool::add(Expression expression) {
  expressions_.push_back(std::move(expression));
  return static_cast<ExprId>(expressions_.size() - 1);
}

Graph empty() {
  Graph graph;
  graph.journey = "empty";
  graph.entries = {{"signup"}};
  Pool pool(graph.expressions);
  graph.zone_chain = {pool.constant(Value("UTC"))};
  return finish(std::move(graph));
}

Graph welcome() {
  Graph graph;
  graph.journey = "welcome";
  graph.title = "Welcome \"aboard\"";
  graph.owner = "lifecycle@example.com";
  Pool pool(graph.expressions);
  const ExprId vip = pool.apply(Op::kEqual, {pool.user("tier"), pool.constant(Value("vip"))});
  graph.entries = {{"signup"}};
  graph.zone_chain = {pool.user("timeZone"), pool.constant(Value("Europe/Berlin"))};
  enum : StepIndex { kHello, kPause, kOrder, kThanks, kNudge };
  graph.steps = {
      {"hello", send("hello", kPause, kPause), {}},
      {"wait 1", Wait{.duration = days(1), .at = TimeOfDay{9 * 60}, .next = kOrder}, {}},
      {"wait 2",
       WaitFor{.arms = {on_event("order", kThanks), ConditionArm{vip, kThanks}},
               .up_to = base::days24(3),
               .timeout = kNudge},
       {}},
      {"exit 1", Exit{"ordered"}, {}},
      {"nudge", Send{.campaign = "nudge", .deadline = base::days24(1)}, {}},
  };
  graph.first = kHello;
  return finish(std::move(graph));
}

Graph trial() {
  Graph graph;
  graph.journey = "trial";
  graph.title = "Trial";
  graph.owner = "lifecycle@example.com";
  graph.entry_fields = {"plan", "namespaceId"};
  graph.local_count = 2;
  Pool pool(graph.expressions);
  const auto integer = [&](std::int64_t n) { return pool.constant(Value(n)); };

  graph.entries = {{"trial_started", pool.apply(Op::kLess, {pool.event("seats"), integer(500)})},
                   {"trial_extended"},
                   {"watch trial 1"},
                   {"watch trial 2"},
                   {"watch trial 3"},
                   {"watch trial 4"}};
  graph.one_per = {pool.entry(1)};
  const ExprId same = pool.apply(Op::kEqual, {pool.event("namespaceId"), pool.entry(1)});
  const ExprId free = pool.apply(Op::kEqual, {pool.user("plan"), pool.constant(Value("free"))});
  graph.exits = {ExitOnEvent{"purchased", same, "converted"}, ExitWhen{free, "downgraded"}};
  graph.zone_chain = {pool.user("timeZone"), pool.constant(Value("America/New_York"))};

  const ExprId ends = pool.user("trialEndsAt");
  graph.watched = {{2, DateEntry{.date = ends,
                                 .every_year = true,
                                 .offset = days(3),
                                 .before = true,
                                 .at = TimeOfDay{540}}},
                   {3, WhenEntry{free}},
                   {4, ScheduleEntry{.day = {.kind = DayRule::Kind::kOfWeek,
                                             .weekdays = 31,
                                             .except = {Date{20'812}},
                                             .day_of_month = 0},
                                     .at = TimeOfDay{540},
                                     .condition = free}},
                   {5, OneTimeEntry{.at = base::Instant{1'767'225'600'000}, .condition = free}}};
  const ExprId many = pool.apply(Op::kGreaterEqual, {pool.user("seats"), integer(5)});
  const ExprId some = pool.apply(Op::kIn, {pool.user("seats"), integer(3), integer(4)});
  const ExprId data = pool.object({"trialEnd", "plan"}, {ends, pool.entry(0)});
  const ExprId soon = pool.apply(
      Op::kAddDuration, {pool.apply(Op::kEntryCreatedAt, {}), pool.constant(Value(days(2)))});
  const ExprId opened =
      pool.apply(Op::kEqual, {pool.event("campaign"), pool.constant(Value("trial_welcome"))});
  const ExprId seen = pool.object({"toured"}, {pool.constant(Value(true))});
  const ExprId rating =
      pool.object({"score"}, {pool.apply(Op::kDefault, {pool.user("score"), integer(0)})});

  enum : StepIndex {
    kHello,
    kLet,
    kUntil,
    kOpened,
    kSplit,
    kCi,
    kPush,
    kFallback,
    kUpdate,
    kAround,
    kBranch,
    kEnding,
    kPause,
    kOver,
    kTrack,
    kNoDate,
    kStart,
    kJoin,
    kLeave,
    kUnsubscribe
  };
  EventArm arm = on_event("opened", kSplit);
  arm.where = opened;
  arm.bind = 1;
  Send again = send("ci_tour", kUpdate, kUpdate);
  again.again = true;
  graph.steps = {
      {"trial_welcome",
       Send{.campaign = "trial_welcome",
            .data = data,
            .deadline = base::days24(1),
            .next = kLet,
            .unreachable = kLet},
       {}},
      {"let 1", Let{.slot = 0, .value = soon, .next = kUntil}, {}},
      {"wait 1",
       WaitUntil{.time = pool.local(0),
                 .at = TimeOfDay{540},
                 .up_to = base::days24(30),
                 .next = kOpened,
                 .past = kOpened,
                 .missing = kNoDate},
       {}},
      {"wait 2", WaitFor{.arms = {arm}, .up_to = base::days24(2), .timeout = kPush}, {}},
      {"first_feature",
       Split{.name = "first_feature",
             .unit = kNoExpr,
             .arms = {{"ci", 5000, kCi}, {"security", 5000, kUpdate}}},
       {}},
      {"ci_tour", send("ci_tour", kUpdate, kUpdate), {}},
      {"trial_push", send("trial_push", kUpdate, kFallback), {}},
      {"ci_instead", again, {}},
      {"update 1", UpdateUser{.fields = seen, .next = kAround}, {}},
      {"schedule 1",
       Schedule{.around = ends,
                .up_to = base::days24(50),
                .rungs = {{days(3), true, TimeOfDay{9 * 60}, kBranch},
                          {days(0), false, std::nullopt, kOver}},
                .next = kTrack,
                .missing = kNoDate},
       {}},
      {"if 1", Branch{.arms = {{many, kEnding}, {some, kPause}}, .otherwise = kAround}, {}},
      {"trial_ending", send("trial_ending", kAround, kAround), {}},
      {"wait 3", Wait{.duration = {.millis = 5'400'000}, .at = {}, .next = kAround}, {}},
      {"trial_over", send("trial_over", kAround, kAround), {}},
      {"track 1", Track{.event = "trial_done", .fields = rating, .next = kStart}, {}},
      {"exit 1", Exit{"no_trial_date"}, {}},
      {"start 1", Start{.journey = "after_trial", .fields = rating, .next = kJoin}, {}},
      {"add to list 1", ChangeList{.list = "vips", .joins = true, .next = kLeave}, {}},
      {"remove from list 1", ChangeList{.list = "vips", .joins = false, .next = kUnsubscribe}, {}},
      {"unsubscribe 1",
       ChangeSubscription{
           .message_types = {"news", "tips"}, .subscribes = false, .next = kCompleted},
       {}},
  };
  graph.first = kHello;
  return finish(std::move(graph));
}

}  // namespace sojourn::graph::samples
