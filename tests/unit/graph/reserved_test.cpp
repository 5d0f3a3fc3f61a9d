#include "graph/reserved.h"

#include <gtest/gtest.h>

namespace sojourn::graph {
namespace {

TEST(Reserved, NamesOfEventsThatNobodySends) {
  EXPECT_EQ(api_event("winback"), "api winback");
  EXPECT_EQ(change_event("plan"), "user.plan changed");
  EXPECT_EQ(watch_event("winback", 2), "watch winback 2");
  EXPECT_EQ(journey_of_api_event("api winback"), "winback");
  EXPECT_EQ(journey_of_api_event("watch winback 2"), "");
  EXPECT_TRUE(is_watch_event("watch winback 2"));
  EXPECT_FALSE(is_watch_event("watched"));
}

}  // namespace
}  // namespace sojourn::graph
