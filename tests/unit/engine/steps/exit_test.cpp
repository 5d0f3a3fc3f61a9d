#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using test::GraphBuilder;
using test::OneUser;

TEST(Exit, EndsWithItsReason) {
  GraphBuilder b;
  OneUser user(b.build(b.exit("enough")));
  user.enters();
  EXPECT_EQ(user.effects(), "exit enough");
  EXPECT_EQ(user.place(), "ended: enough");
}

TEST(Exit, TheEndOfTheJourneyIsCompleted) {
  GraphBuilder b;
  OneUser user(b.build(graph::kCompleted));
  user.enters();
  EXPECT_EQ(user.place(), "ended: completed");
}

}  // namespace
}  // namespace sojourn::engine
