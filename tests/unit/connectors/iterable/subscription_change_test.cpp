#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

TEST(SubscriptionChange, SubscribesByEmail) {
  EXPECT_EQ(transcript(subscription_change({{"ada@example.com", "u-77"}, 7, true})),
            "PATCH /api/subscriptions/messageType/7/user/ada@example.com\n");
}

TEST(SubscriptionChange, UnsubscribesByUserId) {
  EXPECT_EQ(transcript(subscription_change({{"", "u-77"}, 7, false})),
            "DELETE /api/subscriptions/messageType/7/byUserId/u-77\n");
}

TEST(SubscriptionChange, OfAChannelAndOfAList) {
  using Group = SubscriptionCommand::Group;
  const Recipient ada{"ada@example.com", ""};
  EXPECT_EQ(transcript(subscription_change({ada, 31, false, Group::kChannel})),
            "DELETE /api/subscriptions/messageChannel/31/user/ada@example.com\n");
  EXPECT_EQ(transcript(subscription_change({ada, 21, true, Group::kList})),
            "PATCH /api/subscriptions/emailList/21/user/ada@example.com\n");
}

TEST(SubscriptionChange, WhatIsNoPartOfAPathIsEncoded) {
  EXPECT_EQ(transcript(subscription_change({{"a/b?c+d@example.com", ""}, 7, true})),
            "PATCH /api/subscriptions/messageType/7/user/a%2Fb%3Fc%2Bd@example.com\n");
  EXPECT_EQ(transcript(subscription_change({{"", "u 77/.."}, 7, true})),
            "PATCH /api/subscriptions/messageType/7/byUserId/u%2077%2F..\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
