// Each test breaks one thing in a sound graph and expects it to be named.
#include "graph/verify.h"

#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <stdexcept>

#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

// What `verify` says of the trial graph after `edit`.
std::string after(const std::function<void(Graph&)>& edit) {
  Graph graph = samples::trial();
  edit(graph);
  const base::Status status = verify(graph);
  if (status) return "sound";
  const std::string prefix = "graph of journey `trial`: ";
  EXPECT_EQ(status.error().message.substr(0, prefix.size()), prefix);
  return status.error().message.substr(prefix.size());
}

template <typename Action>
Action& action(Graph& graph, std::string_view identity) {
  for (Step& step : graph.steps) {
    if (step.identity == identity) return std::get<Action>(step.action);
  }
  throw std::invalid_argument(std::string(identity));
}

// The first expression of that operation.
Expression& first(Graph& graph, Op op) {
  for (Expression& e : graph.expressions) {
    if (e.op == op) return e;
  }
  throw std::invalid_argument("no such expression");
}

TEST(Verify, SoundGraphsPass) {
  EXPECT_TRUE(verify(samples::empty()));
  EXPECT_TRUE(verify(samples::welcome()));
  EXPECT_EQ(after([](Graph&) {}), "sound");
}

TEST(Verify, StepsLeadToStepsThatExist) {
  EXPECT_EQ(after([](Graph& g) { action<Let>(g, "let 1").next = 99; }),
            "step `let 1` (let): goes to step 99 of 20");
  EXPECT_EQ(after([](Graph& g) { action<Schedule>(g, "schedule 1").rungs[1].body = 20; }),
            "step `schedule 1` (schedule): goes to step 20 of 20");
  EXPECT_EQ(after([](Graph& g) { g.first = 20; }), "the first step is 20 of 20");
}

TEST(Verify, ExpressionsThatAreReadExist) {
  EXPECT_EQ(after([](Graph& g) { action<Let>(g, "let 1").value = 10'000; }).substr(0, 35),
            "step `let 1` (let): reads expressio");
  EXPECT_EQ(after([](Graph& g) { g.entries[1].where = 10'000; }).substr(0, 30),
            "an entry reads expression 1000");
  EXPECT_EQ(after([](Graph& g) { g.one_per[0] = 10'000; }).substr(0, 30),
            "`one per` reads expression 100");
  EXPECT_EQ(after([](Graph& g) { std::get<ExitOnEvent>(g.exits[0]).where = 10'000; }).substr(0, 33),
            "an exit rule reads expression 100");
}

TEST(Verify, ArgumentsStandBeforeTheirNode) {
  EXPECT_EQ(after([](Graph& g) { first(g, Op::kLess).arguments[1] = 2; }),
            "expression 2 (`<`): argument 2 does not stand before it");
}

TEST(Verify, ArgumentCountsFitTheOperation) {
  EXPECT_EQ(after([](Graph& g) { first(g, Op::kLess).arguments.pop_back(); }),
            "expression 2 (`<`): takes at least 2 arguments, has 1");
  EXPECT_EQ(after([](Graph& g) { first(g, Op::kLess).arguments.push_back(0); }),
            "expression 2 (`<`): takes at most 2 arguments, has 3");
  EXPECT_EQ(after([](Graph& g) { g.expressions[0].op = static_cast<Op>(250); }),
            "expression 0: unknown operation");
}

TEST(Verify, ExpressionsNameWhatTheyRead) {
  EXPECT_EQ(after([](Graph& g) { first(g, Op::kUserField).name = ""; }),
            "expression 7 (`user`): it names no field");
  EXPECT_EQ(after([](Graph& g) { first(g, Op::kEntryField).slot = 2; }),
            "expression 3 (`entry`): entry field 2 of 2");
  EXPECT_NE(after([](Graph& g) { first(g, Op::kLocal).slot = 2; }).find("local 2 of 2"),
            std::string::npos);
  EXPECT_NE(after([](Graph& g) { first(g, Op::kObject).names.pop_back(); }).find("1 names for 2"),
            std::string::npos);
  EXPECT_NE(after([](Graph& g) { first(g, Op::kObject).names = {"a", "a"}; }).find("named twice"),
            std::string::npos);
}

TEST(Verify, ConstantsCanBeStored) {
  const auto with = [](Value value) {
    return after([&](Graph& g) { first(g, Op::kConstant).constant = std::move(value); });
  };
  const std::string bad = "expression 1 (`constant`): its constant cannot be stored";
  EXPECT_EQ(with(Value(std::numeric_limits<double>::infinity())), bad);
  EXPECT_EQ(with(Value(TimeOfDay{1440})), bad);
  EXPECT_EQ(with(Value(Object{{"b", Value()}, {"a", Value()}})), bad);
  EXPECT_EQ(with(Value(List{Value(Object{{"a", Value(TimeOfDay{-1})}})})), bad);
  Value deep;
  for (int i = 0; i < kMaxValueDepth; ++i) deep = Value(List{deep});
  EXPECT_EQ(with(deep), bad);
}

TEST(Verify, EvaluationIsQuickAndShallow) {
  const std::string deep = after([](Graph& g) {
    samples::Pool pool(g.expressions);
    ExprId id = pool.user("a");
    for (std::size_t i = 0; i < kMaxExpressionDepth; ++i) id = pool.apply(Op::kNot, {id});
  });
  EXPECT_NE(deep.find("nested more than 1000 deep"), std::string::npos) << deep;
  // Thirty nodes that use their argument twice: a thousand million evaluations.
  const std::string slow = after([](Graph& g) {
    samples::Pool pool(g.expressions);
    ExprId id = pool.user("a");
    for (int i = 0; i < 30; ++i) id = pool.apply(Op::kAnd, {id, id});
  });
  EXPECT_NE(slow.find("more than 1000000 operations"), std::string::npos) << slow;
}

TEST(Verify, IdentitiesAreUniqueAndNotEmpty) {
  EXPECT_EQ(after([](Graph& g) { g.steps[2].identity = "wait 2"; }),
            "two steps are called `wait 2`");
  EXPECT_EQ(after([](Graph& g) { g.steps[2].identity = ""; }), "a step has no identity");
}

TEST(Verify, SharesSumToTheWhole) {
  EXPECT_EQ(after([](Graph& g) { action<Split>(g, "first_feature").arms[0].share = 4'999; }),
            "step `first_feature` (split): its shares sum to 9999, not 10000");
  EXPECT_EQ(after([](Graph& g) { action<Split>(g, "first_feature").arms.clear(); }),
            "step `first_feature` (split): its shares sum to 0, not 10000");
}

TEST(Verify, AMeasuredSplitIsWhole) {
  const auto with = [](const std::function<void(Split&)>& edit) {
    return after([&](Graph& g) {
      auto& split = action<Split>(g, "first_feature");
      split.measure = SplitMeasure{SplitMeasure::Kind::kClicked, 0, base::days24(1)};
      split.decide = SplitDecision{100, 9'500};
      edit(split);
    });
  };
  const std::string place = "step `first_feature` (split): ";
  EXPECT_EQ(with([](Split&) {}), "sound");
  EXPECT_EQ(with([](Split& s) { s.measure.reset(); }), place + "it is decided by no measure");
  EXPECT_EQ(with([](Split& s) { s.measure->within = base::Millis{-1}; }),
            place + "its measure's `within` is negative");
  EXPECT_EQ(with([](Split& s) {
              s.measure->kind = SplitMeasure::Kind::kGoal;
              s.measure->goal = 64;
            }).substr(0, place.size() + 19),
            place + "it measures goal 64");
  EXPECT_EQ(with([](Split& s) { s.decide->after = 0; }), place + "it is decided after nobody");
  EXPECT_EQ(with([](Split& s) { s.decide->confidence = 10'000; }),
            place + "it is decided with a confidence of 10000 in 10000");
}

TEST(Verify, TheBestTimeIsWithinADay) {
  EXPECT_EQ(after([](Graph& g) { action<Send>(g, "trial_push").best_time = base::days24(1); }),
            "sound");
  EXPECT_EQ(after([](Graph& g) { action<Send>(g, "trial_push").best_time = base::days24(2); }),
            "step `trial_push` (send): it waits for its best time longer than a day");
}

TEST(Verify, ACycleWithoutARestIsRefused) {
  EXPECT_EQ(after([](Graph& g) { action<UpdateUser>(g, "update 1").next = 8; }),
            "step `update 1` (update_user): a turn could go round through it for ever");
  // A wait that can be over at once is no rest.
  EXPECT_EQ(after([](Graph& g) {
              Wait wait;
              wait.at = TimeOfDay{540};
              wait.next = 1;
              g.steps[2].action = wait;
            }),
            "step `let 1` (let): a turn could go round through it for ever");
}

TEST(Verify, ACycleThroughARestIsAllowed) {
  EXPECT_EQ(after([](Graph& g) {
              action<Track>(g, "track 1").next = 0;
              compute_needs(g);
            }),
            "sound");
}

TEST(Verify, TheLastLinkOfTheZoneChainIsAConstantString) {
  EXPECT_EQ(after([](Graph& g) { g.zone_chain.pop_back(); }),
            "the last link of the zone chain is not a constant string");
  EXPECT_EQ(after([](Graph& g) { g.zone_chain.clear(); }), "the zone chain is empty");
  EXPECT_EQ(after([](Graph& g) { g.expressions[g.zone_chain.back()].constant = Value(true); }),
            "the last link of the zone chain is not a constant string");
}

TEST(Verify, LocalSlotsExist) {
  EXPECT_EQ(after([](Graph& g) { action<Let>(g, "let 1").slot = 2; }),
            "step `let 1` (let): it sets local 2 of 2");
  EXPECT_EQ(
      after([](Graph& g) { std::get<EventArm>(action<WaitFor>(g, "wait 2").arms[0]).bind = 7; }),
      "step `wait 2` (wait_for): an arm binds local 7 of 2");
}

TEST(Verify, ALookBackBeginsAtAStepThatExists) {
  const auto since = [](const char* identity) {
    return after([&](Graph& g) {
      auto& arm = std::get<EventArm>(action<WaitFor>(g, "wait 2").arms[0]);
      arm.since = Since::kStep;
      arm.since_step = identity;
      compute_needs(g);
    });
  };
  EXPECT_EQ(since("wait 1"), "sound");
  EXPECT_EQ(since("nowhere"), "step `wait 2` (wait_for): `since` names the unknown step `nowhere`");
}

TEST(Verify, LengthsOfTimeAreNotNegative) {
  EXPECT_EQ(after([](Graph& g) { action<Wait>(g, "wait 3").duration.millis = -1; }),
            "step `wait 3` (wait): its duration is negative");
  EXPECT_EQ(after([](Graph& g) { action<Schedule>(g, "schedule 1").rungs[0].offset.days = -3; }),
            "step `schedule 1` (schedule): the distance of a rung is negative");
  EXPECT_EQ(after([](Graph& g) { action<WaitFor>(g, "wait 2").up_to.count = -1; }),
            "step `wait 2` (wait_for): `up to` is negative");
}

TEST(Verify, AScheduleHasAtMost64Rungs) {
  EXPECT_EQ(after([](Graph& g) {
              auto& rungs = action<Schedule>(g, "schedule 1").rungs;
              rungs.resize(65, rungs[0]);
            }),
            "step `schedule 1` (schedule): 65 rungs are more than the limit of 64");
}

TEST(Verify, DataIsAnObject) {
  EXPECT_EQ(after([](Graph& g) { action<Send>(g, "trial_welcome").data = 0; }),
            "step `trial_welcome` (send): its data is not an object");
  EXPECT_EQ(after([](Graph& g) { action<UpdateUser>(g, "update 1").fields = kNoExpr; }),
            "step `update 1` (update_user): its fields are not an object");
}

TEST(Verify, AChangeOfMembershipNamesWhatItChanges) {
  EXPECT_EQ(after([](Graph& g) { action<ChangeList>(g, "add to list 1").list.clear(); }),
            "step `add to list 1` (change_list): it names no list");
  const auto types = [](std::vector<std::string> names) {
    return after(
        [&](Graph& g) { action<ChangeSubscription>(g, "unsubscribe 1").message_types = names; });
  };
  const std::string step = "step `unsubscribe 1` (change_subscription): ";
  EXPECT_EQ(types({}), step + "it names no message type");
  EXPECT_EQ(types({""}), step + "it names no message type");
  EXPECT_EQ(types({"tips", "news"}), step + "its message types are out of order");
  EXPECT_EQ(types({"news", "news"}), step + "its message types are out of order");
}

TEST(Verify, NeedsAreWhatTheGraphReads) {
  EXPECT_EQ(after([](Graph& g) { g.steps[0].needs.user_fields.pop_back(); }),
            "step `trial_welcome` (send): its needs are not what its graph reads");
  EXPECT_EQ(after([](Graph& g) { g.steps[1].needs.user_fields.push_back("x"); }),
            "step `let 1` (let): its needs are not what its graph reads");
}

TEST(VerifyStructure, DoesNotAskForNeeds) {
  Graph graph = samples::trial();
  graph.steps[0].needs = {};
  EXPECT_TRUE(verify_structure(graph));
  EXPECT_FALSE(verify(graph));
}

TEST(Verify, WatchedEntriesAreWhole) {
  EXPECT_EQ(after([](Graph& g) { g.watched[0].entry = 6; }),
            "a watched entry is none of the entries");
  const auto date = [](Graph& g) -> DateEntry& { return std::get<DateEntry>(g.watched[0].rule); };
  EXPECT_EQ(after([&](Graph& g) { date(g).date = kNoExpr; }), "an entry has no date");
  EXPECT_EQ(after([&](Graph& g) { date(g).offset.days = -1; }),
            "the distance of an entry is negative");
  EXPECT_EQ(after([&](Graph& g) { date(g).offset.days = 365; }),
            "the distance of a yearly entry is a year or more");
  EXPECT_EQ(after([&](Graph& g) { date(g).at = TimeOfDay{1440}; }),
            "`at` of an entry is no time of day");
  EXPECT_EQ(after([](Graph& g) { std::get<WhenEntry>(g.watched[1].rule).condition = kNoExpr; }),
            "an entry has no condition");
  const auto schedule = [](Graph& g) -> ScheduleEntry& {
    return std::get<ScheduleEntry>(g.watched[2].rule);
  };
  EXPECT_EQ(after([&](Graph& g) { schedule(g).condition = kNoExpr; }), "an entry has no segment");
  EXPECT_EQ(after([&](Graph& g) { schedule(g).at = TimeOfDay{1440}; }),
            "an entry names no time of day");
  EXPECT_EQ(after([&](Graph& g) { schedule(g).day.weekdays = 0; }),
            "an entry: it names no day of the week");
  EXPECT_EQ(after([](Graph& g) { std::get<OneTimeEntry>(g.watched[3].rule).condition = kNoExpr; }),
            "an entry has no segment");
}

TEST(Verify, ADistanceFromAYearlyDateIsLessThanAYear) {
  EXPECT_TRUE(is_within_a_year({.months = 11, .days = 23}));
  EXPECT_FALSE(is_within_a_year({.months = 12}));
  EXPECT_TRUE(is_within_a_year({.millis = base::days24(364).count}));
  EXPECT_FALSE(is_within_a_year({.months = 11, .days = 20, .millis = base::days24(4).count}));
}

}  // namespace
}  // namespace sojourn::graph
