#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::GraphBuilder;
using test::OneUser;

// `call scoring with { plan: user.plan } as reply up to 10s { exit as answered } else {
// exit as failed }`, and it ends by `stop`.
class Call : public testing::Test {
 protected:
  graph::Graph calling(base::Millis up_to = base::Millis{10'000}) {
    b_.use_slot(0);
    graph::Call call;
    call.webhook = "scoring";
    call.fields = b_.object({{"plan", b_.user("plan")}});
    call.bind = 0;
    call.up_to = up_to;
    call.next = b_.exit("answered");
    call.otherwise = b_.exit("failed");
    b_.exit_on("stop");
    return b_.build(b_.step("call 1", call));
  }
  static CallAnswered answer(const OneUser& user, std::optional<std::vector<graph::Field>> reply) {
    return {user.enrollment->at, 1, std::move(reply)};
  }

  GraphBuilder b_;
};

TEST_F(Call, AsksWithWhatItReadsAndRests) {
  OneUser user(calling());
  user.profile.fields["plan"] = Value("free");
  user.enters();
  EXPECT_EQ(user.effects(), "call scoring 1 { plan: \"free\" }");
  EXPECT_EQ(user.place(), "call 1");
  EXPECT_EQ(user.due(), "2026-03-01T09:00:10Z");
}

TEST_F(Call, GoesOnWithTheAnswer) {
  OneUser user(calling());
  user.enters();
  user.effects();
  user.take(answer(user, {{{"score", Value(std::int64_t{7})}}}));
  EXPECT_EQ(user.effects(), "call 1 -> answered; exit answered");
}

TEST_F(Call, IsOpenUntilItIsAnsweredOrOver) {
  OneUser user(calling());
  user.enters();
  const graph::StepIndex step = user.enrollment->at;
  const auto open = [&](std::uint32_t occurrence) {
    const auto until = call_open_until(*user.enrollment, step, occurrence);
    return until ? base::to_iso8601(*until) : "no";
  };
  EXPECT_EQ(open(1), "2026-03-01T09:00:10Z");
  EXPECT_EQ(open(2), "no");
  user.take(answer(user, std::nullopt));
  EXPECT_EQ(open(1), "no");
}

TEST_F(Call, NobodyIsAskedAboutWhoIsHeldOut) {
  b_.graph().holdout = 9'999;
  OneUser user(calling());
  user.enters();
  EXPECT_TRUE(user.enrollment->measure.held_out);
  EXPECT_EQ(user.effects(), "call 1 -> else; exit failed");
}

TEST_F(Call, GoesOtherwiseWhenItFails) {
  OneUser user(calling());
  user.enters();
  user.take(answer(user, std::nullopt));
  EXPECT_EQ(user.place(), "ended: failed");
}

TEST_F(Call, GoesOtherwiseWhenTheTimeIsOver) {
  OneUser user(calling());
  user.enters();
  user.passes_until("2026-03-01T09:00:10Z");
  EXPECT_EQ(user.place(), "ended: failed");
}

TEST_F(Call, AnAnswerToAnotherCallChangesNothing) {
  OneUser user(calling());
  user.enters();
  CallAnswered other = answer(user, {{}});
  other.occurrence = 2;
  user.take(other);
  EXPECT_EQ(user.place(), "call 1");
}

TEST_F(Call, AnAnswerAtTheDeadlineIsTooLate) {
  OneUser user(calling());
  user.enters();
  user.at("2026-03-01T09:00:10Z");
  user.take(answer(user, {{}}));
  EXPECT_EQ(user.place(), "ended: failed");
}

TEST_F(Call, AnExitDoesNotWaitForTheAnswer) {
  OneUser user(calling());
  user.enters();
  user.event("stop");
  EXPECT_EQ(user.place(), "ended: stop");
}

TEST_F(Call, WithoutTimeItAsksNobody) {
  OneUser user(calling(base::Millis{0}));
  user.enters();
  EXPECT_EQ(user.effects(), "call 1 -> else; exit failed");
}

}  // namespace
}  // namespace sojourn::engine
