#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using test::GraphBuilder;
using test::OneUser;
using Result = DeliveryEnded::Result;

// send push within 1d else { send email }, then an hour's wait.
OneUser push_else_email() {
  GraphBuilder b;
  const auto wait = b.wait("wait", test::elapsed_hours(1));
  const auto email = b.send("email", wait);
  const auto push =
      b.step("push", graph::Send{.campaign = "push", .next = wait, .unreachable = email});
  OneUser user(b.build(push));
  user.enters();
  return user;
}

TEST(Send, RestsUntilTheMessageHasLeft) {
  OneUser user = push_else_email();
  EXPECT_EQ(user.effects(), "send push 1");
  EXPECT_EQ(user.place(), "push");
  EXPECT_EQ(user.due(), "none");
  user.delivered();
  EXPECT_EQ(user.place(), "wait");
}

TEST(Send, GoesOnWhenTheMessageWasSkipped) {
  OneUser user = push_else_email();
  user.delivered(Result::kSkipped);
  EXPECT_EQ(user.place(), "wait");
}

TEST(Send, ElseRunsOnlyWhenThePersonCannotBeReached) {
  OneUser user = push_else_email();
  user.effects();
  user.delivered(Result::kUnreachable);
  EXPECT_EQ(user.effects(), "push -> else; send email 1");
  user.delivered(Result::kUnreachable);
  EXPECT_EQ(user.place(), "wait");
  EXPECT_EQ(user.effects(), "");
}

TEST(Send, AStaleReportChangesNothing) {
  OneUser user = push_else_email();
  const Enrollment before = *user.enrollment;
  user.take(DeliveryEnded{user.enrollment->at, 2, Result::kAccepted, {}});
  user.take(DeliveryEnded{user.enrollment->at + 1, 1, Result::kAccepted, {}});
  EXPECT_EQ(*user.enrollment, before);
  user.delivered();
  const Enrollment waiting = *user.enrollment;
  user.take(DeliveryEnded{before.at, 1, Result::kUnreachable, {}});
  EXPECT_EQ(*user.enrollment, waiting);
}

TEST(Send, NeitherTimeNorAnEventMovesIt) {
  OneUser user = push_else_email();
  const Enrollment before = *user.enrollment;
  user.at("2026-04-01T09:00Z");
  user.wakes();
  user.event("login");
  user.change("plan", graph::Value("pro"));
  EXPECT_EQ(*user.enrollment, before);
}

// A loop by hand: the wait leads back to the send.
TEST(Send, EveryTimeThroughHasItsOwnOccurrence) {
  GraphBuilder b;
  const auto wait = b.place("wait");
  const auto send = b.send("nudge", wait);
  b.set(wait, graph::Wait{.duration = test::calendar_days(1), .at = {}, .next = send});
  OneUser user(b.build(send));
  user.enters();
  user.delivered();
  user.passes_until("2026-03-02T09:00Z");
  user.delivered();
  user.passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user.effects(), "send nudge 1; send nudge 2; send nudge 3");
}

}  // namespace
}  // namespace sojourn::engine
