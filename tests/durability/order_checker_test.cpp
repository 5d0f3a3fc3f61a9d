#include "tests/durability/order_checker.h"

#include <gmock/gmock.h>

namespace sojourn::durability {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

auto is_broken(Promise promise, const char* what) {
  return AllOf(Field("promise", &Broken::promise, promise), Field("what", &Broken::what, what));
}

TEST(OrderChecker, WhatFollowsTheSyncOfItsCommitIsKept) {
  EXPECT_THAT(broken_by_order({Written{"db-wal"}, Written{"db-wal"}, Synced{"db-wal"},
                               Published{Promise::kAnswer, "answer 1", 1, 1},
                               Published{Promise::kSend, "send 1", 1, 1}}),
              IsEmpty());
}

TEST(OrderChecker, FindsAnAnswerBeforeTheCommit) {
  EXPECT_THAT(broken_by_order({Written{"db-wal"}, Synced{"db-wal"},
                               Published{Promise::kAnswer, "answer 7", 2, 1}, Written{"db-wal"},
                               Synced{"db-wal"}}),
              ElementsAre(is_broken(Promise::kAnswer,
                                    "answer 7 belongs to commit 2, the last complete one was 1")));
}

TEST(OrderChecker, FindsASendBetweenWriteAndSync) {
  EXPECT_THAT(broken_by_order(
                  {Written{"db-wal"}, Published{Promise::kSend, "send 3", 1, 1}, Synced{"db-wal"}}),
              ElementsAre(is_broken(Promise::kSend, "send 3 came before a sync of db-wal")));
}

TEST(OrderChecker, ASyncOfAnotherFileOrBeforeTheLastWriteIsNotEnough) {
  EXPECT_THAT(broken_by_order({Written{"db-wal"}, Synced{"db-wal"}, Written{"db-wal"}, Synced{"db"},
                               Published{Promise::kAnswer, "answer 1", 1, 1}}),
              ElementsAre(is_broken(Promise::kAnswer, "answer 1 came before a sync of db-wal")));
}

TEST(OrderChecker, FindsACommitThatTheLogDoesNotHave) {
  EXPECT_THAT(
      broken_by_order({Written{"db-wal"}, Synced{"db-wal"},
                       Published{Promise::kAnswer, "answer 1", 1, 1},
                       Published{Promise::kSend, "send 1", 1, 1}, Synced{"db-wal"}, Written{"db"},
                       Synced{"db"}, Published{Promise::kSend, "send 2", 2, 2}}),
      ElementsAre(
          is_broken(Promise::kSend, "send 2 belongs to commit 2, for which no log was synced")));
}

TEST(OrderChecker, OneEarlyThingDoesNotHideTheNext) {
  EXPECT_THAT(
      broken_by_order({Published{Promise::kAnswer, "answer 1", 1, 0}, Written{"db-wal"},
                       Synced{"db-wal"}, Published{Promise::kSend, "send 1", 1, 1},
                       Published{Promise::kSend, "send 2", 2, 1}}),
      ElementsAre(
          is_broken(Promise::kAnswer, "answer 1 belongs to commit 1, the last complete one was 0"),
          is_broken(Promise::kSend, "send 2 belongs to commit 2, the last complete one was 1")));
}

}  // namespace
}  // namespace sojourn::durability
