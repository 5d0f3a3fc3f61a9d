#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Op;
using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::OneUser;

// `repeat up to TIMES times [until user.done == "yes"] { wait 1d }`.
class Repeat : public testing::Test {
 protected:
  graph::Graph repeating(std::uint32_t times, bool with_until) {
    graph::Repeat repeat{.times = times};
    if (with_until) repeat.until = b_.equal(b_.user("done"), b_.text("yes"));
    repeat.next = b_.exit("after");
    const graph::StepIndex at = b_.place("repeat 1");
    repeat.body = b_.wait("wait 1", calendar_days(1), at);
    b_.set(at, repeat);
    return b_.build(at);
  }

  GraphBuilder b_;
};

TEST_F(Repeat, GoesRoundAsOftenAsItSays) {
  OneUser user(repeating(3, false));
  user.enters();
  user.passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user.place(), "wait 1");
  EXPECT_EQ(user.due(), "2026-03-04T09:00:00Z");
  user.passes_until("2026-03-04T09:00Z");
  EXPECT_EQ(user.place(), "ended: after");
}

TEST_F(Repeat, IsReachedOnce) {
  OneUser user(repeating(3, false));
  user.enters();
  user.passes_until("2026-03-10T09:00Z");
  EXPECT_EQ(user.path(),
            (std::vector<std::string>{"repeat 1", "wait 1", "wait 1", "wait 1", "after"}));
}

TEST_F(Repeat, LooksAtItsConditionBeforeTheFirstRound) {
  OneUser user(repeating(3, true));
  user.profile.fields["done"] = Value("yes");
  user.enters();
  EXPECT_EQ(user.place(), "ended: after");
}

TEST_F(Repeat, LooksAtItsConditionBeforeEachRoundOnly) {
  OneUser user(repeating(3, true));
  user.enters();
  user.passes_until("2026-03-02T12:00Z");
  user.change("done", Value("yes"));
  EXPECT_EQ(user.place(), "wait 1") << "the round that has begun goes on";
  user.passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user.place(), "ended: after");
}

TEST_F(Repeat, AnInnerOneBeginsAnewInEveryRound) {
  graph::Repeat outer{.times = 2};
  outer.next = b_.exit("after");
  const graph::StepIndex outer_at = b_.place("repeat 1");
  const graph::StepIndex inner_at = b_.place("inner");
  const graph::StepIndex body = b_.wait("wait 1", calendar_days(1), inner_at);
  b_.set(inner_at, graph::Repeat{.times = 3, .body = body, .next = outer_at});
  outer.body = inner_at;
  b_.set(outer_at, outer);
  OneUser user(b_.build(outer_at));
  user.enters();
  user.passes_until("2026-03-06T09:00Z");
  EXPECT_EQ(user.place(), "wait 1");
  EXPECT_EQ(user.enrollment->loops, (std::vector<LoopState>{{outer_at, 2}, {inner_at, 3}}));
  user.passes_until("2026-03-07T09:00Z");
  EXPECT_EQ(user.place(), "ended: after");
  EXPECT_TRUE(user.enrollment->loops.empty());
}

TEST_F(Repeat, EveryRoundsSendHasAKeyOfItsOwn) {
  const graph::StepIndex at = b_.place("repeat 1");
  graph::Send send{.campaign = "news"};
  send.again = true;
  send.next = send.unreachable = at;
  const graph::StepIndex body = b_.step("news", send);
  b_.set(at, graph::Repeat{.times = 2, .body = body, .next = b_.exit("after")});
  OneUser user(b_.build(at));
  user.enters();
  EXPECT_EQ(user.effects(), "repeat 1 -> 1; send news 1");
  user.delivered();
  EXPECT_EQ(user.effects(), "repeat 1 -> 2; send news 2");
  user.delivered();
  EXPECT_EQ(user.place(), "ended: after");
}

TEST_F(Repeat, WhatAnEarlierRoundBoundIsGoneInTheNext) {
  b_.use_slot(0);
  const graph::StepIndex at = b_.place("repeat 1");
  const graph::StepIndex took = b_.place("took");
  graph::WaitFor wait{.arms = {}, .up_to = base::days24(1), .timeout = took};
  wait.arms.emplace_back(graph::EventArm{.event = "login", .bind = 0, .next = took});
  const graph::StepIndex body = b_.step("wait for 1", wait);
  const graph::ExprId is_set = b_.op(Op::kIsSet, {b_.local(0)});
  b_.set(took, graph::Branch{
                   .arms = {{is_set, b_.step("seen", graph::Track{.event = "seen", .next = at})}},
                   .otherwise = at});
  b_.set(at, graph::Repeat{.times = 2, .body = body, .next = b_.exit("after")});
  OneUser user(b_.build(at));
  user.enters();
  user.at("2026-03-01T10:00Z");
  user.event("login");
  EXPECT_EQ(user.effects(),
            "repeat 1 -> 1; wait for 1 -> login; took -> 1; track seen 1; repeat 1 -> 2");
  user.passes_until("2026-03-02T10:00Z");
  EXPECT_EQ(user.place(), "ended: after");
  EXPECT_EQ(user.effects(), "wait for 1 -> timeout; took -> else; repeat 1 -> times; exit after");
}

}  // namespace
}  // namespace sojourn::engine
