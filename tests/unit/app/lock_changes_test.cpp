#include "app/lock_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/app/lock_example.h"

namespace sojourn::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LockChanges, ThereAreNoneOfTheSame) {
  dsl::IdsLock other = lock_example();
  other.iterable = "https://api.eu.iterable.com";
  other.catalog = "9f";
  EXPECT_THAT(lock_changes(lock_example(), other), IsEmpty());
}

TEST(LockChanges, SayWhatIsNewWhatIsGoneAndWhatIsOtherwise) {
  const dsl::IdsLock before = lock_example();
  dsl::IdsLock after = before;
  after.campaigns[0].state = "archived";
  after.campaigns[0].message_type = 42;
  after.campaigns[4].message_type = 41;
  after.campaigns.push_back({107, "New", "triggered", "draft", "sms", 907, 41});
  after.message_types[0].consent = "opt_out";
  after.lists.erase(after.lists.begin());
  after.user_fields.push_back({"zeal", "long"});
  after.events = {"login"};
  EXPECT_THAT(lock_changes(before, after),
              ElementsAre("message type 41 `News & Tips`: consent opt_in -> opt_out",
                          "campaign 101 `Welcome, friend!`: state running -> archived, "
                          "message type 41 -> 42",
                          "campaign 105 `Lost`: message type unknown -> 41",
                          "campaign 107 `New` is new", "list 7 `VIPs` is gone",
                          "user field `zeal` is new", "event `Trial Started` is gone"));
}

}  // namespace
}  // namespace sojourn::app
