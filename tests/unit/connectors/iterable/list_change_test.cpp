#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

TEST(ListChange, PutsOneUserOnTheList) {
  EXPECT_EQ(transcript(list_change({{"ada@example.com", "u-77"}, 21, true})),
            "POST /api/lists/subscribe\n"
            "listId: 21\n"
            "subscribers: [{\"email\":\"ada@example.com\"}]\n");
}

TEST(ListChange, TakesOneUserOffTheList) {
  EXPECT_EQ(transcript(list_change({{"", "u-77"}, 21, false})),
            "POST /api/lists/unsubscribe\n"
            "listId: 21\n"
            "subscribers: [{\"userId\":\"u-77\"}]\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
