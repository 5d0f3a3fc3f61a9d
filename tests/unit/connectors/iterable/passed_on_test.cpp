// What a lost answer to a request that was passed on means, by what a repeat would do.
#include "connectors/iterable/passed_on.h"

#include <gtest/gtest.h>

namespace sojourn::connectors::iterable {
namespace {

OutcomeKind lost(std::string_view path, std::string_view body) {
  return decide(passed_on(path, body), TransportFailure{true, "timed out"}).kind;
}

TEST(PassedOn, WhatSetsWhatItSaysIsRepeated) {
  for (const char* path :
       {"/api/users/update", "/api/users/updateSubscriptions", "/api/commerce/updateCart",
        "/api/lists/subscribe", "/api/lists/unsubscribe", "PATCH /api/subscriptions/messageType/41",
        "DELETE /api/subscriptions/messageChannel/31"}) {
    EXPECT_EQ(lost(path, "{}"), OutcomeKind::kRetry) << path;
  }
}

TEST(PassedOn, WhoIsToGoAndIsNotThereHasGone) {
  for (const char* path :
       {"/api/users/forget", "/api/users/{email}", "/api/users/byUserId/{userId}"}) {
    EXPECT_EQ(lost(path, "{}"), OutcomeKind::kRetry) << path;
    const Response unknown{400, "", R"({"code":"UnknownUserIdError"})"};
    EXPECT_EQ(decide(passed_on(path, "{}"), unknown).kind, OutcomeKind::kAccepted) << path;
  }
}

TEST(PassedOn, AnEventOrAPurchaseIsTheSameByItsId) {
  for (const char* path : {"/api/events/track", "/api/commerce/trackPurchase"}) {
    EXPECT_EQ(lost(path, R"({"id":"o-1"})"), OutcomeKind::kRetry) << path;
    for (const char* body : {"{}", R"({"id":null})", R"({"id":""})", R"({"id":7})", "[]", "no"}) {
      EXPECT_EQ(lost(path, body), OutcomeKind::kUnknown) << path << " " << body;
    }
  }
}

TEST(PassedOn, WhatCountsEachTimeOrOnceIsInDoubt) {
  for (const char* path : {"/api/workflows/triggerWorkflow", "/api/users/merge",
                           "/api/users/updateEmail", "/api/email/target", "/api/new"}) {
    EXPECT_EQ(lost(path, R"({"id":"o-1"})"), OutcomeKind::kUnknown) << path;
  }
  EXPECT_TRUE(refuses_repeat("/api/users/merge"));
  EXPECT_TRUE(refuses_repeat("/api/users/updateEmail"));
  EXPECT_FALSE(refuses_repeat("/api/workflows/triggerWorkflow"));
}

TEST(PassedOn, WhatNeverLeftIsRepeatedWhateverItIs) {
  const auto endpoint = passed_on("/api/workflows/triggerWorkflow", "{}");
  EXPECT_EQ(decide(endpoint, TransportFailure{false, "refused"}).kind, OutcomeKind::kRetry);
}

}  // namespace
}  // namespace sojourn::connectors::iterable
