#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

TEST(DoubleOptIn, AsksOneUserAboutOneType) {
  EXPECT_EQ(transcript(double_opt_in({{"ada@example.com", ""}, 3})),
            "POST /api/subscriptions/subscribeToDoubleOptIn\n"
            "email: \"ada@example.com\"\n"
            "messageTypeIds: [3]\n");
  EXPECT_EQ(transcript(double_opt_in({{"", "u-77"}, 3})),
            "POST /api/subscriptions/subscribeToDoubleOptIn\n"
            "userId: \"u-77\"\n"
            "messageTypeIds: [3]\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
