#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

TEST(Let, IsFixedWhenReachedSoAWaitUntilItDoesNotFollow) {
  GraphBuilder b;
  const auto wait = b.step("wait", graph::WaitUntil{.time = b.local(0)});
  const auto let =
      b.step("let", graph::Let{.slot = 0, .value = b.user("trialEndsAt"), .next = wait});
  OneUser user(b.build(let));
  user.profile.fields["trialEndsAt"] = Value(instant("2026-03-05T12:00Z"));
  user.enters();
  user.change("trialEndsAt", Value(instant("2026-03-09T12:00Z")));
  EXPECT_EQ(user.due(), "2026-03-05T12:00:00Z");
  user.change("trialEndsAt", Value());
  EXPECT_EQ(user.due(), "2026-03-05T12:00:00Z");
}

TEST(Let, AMissingValueIsKeptAsMissing) {
  GraphBuilder b;
  const auto is_set = b.op(graph::Op::kIsSet, {b.local(1)});
  const auto branch = b.step(
      "branch", graph::Branch{.arms = {{is_set, b.exit("set")}}, .otherwise = b.exit("missing")});
  const auto let = b.step("let", graph::Let{.slot = 1, .value = b.user("x"), .next = branch});
  OneUser user(b.build(let));
  user.enters();
  EXPECT_EQ(user.place(), "ended: missing");
}

}  // namespace
}  // namespace sojourn::engine
