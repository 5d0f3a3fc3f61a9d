#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

TEST(Cancel, NamesTheMessageThatIterableKeeps) {
  CancelCommand command;
  command.scheduled_message_id = 99;
  command.campaign_id = 1001;
  command.recipient.email = "ada@example.com";
  EXPECT_EQ(transcript(cancel(command)),
            "POST /api/email/cancel\n"
            "scheduledMessageId: 99\n");
}

TEST(Cancel, ElseNamesTheCampaignAndTheUser) {
  CancelCommand command;
  command.campaign_id = 1001;
  command.recipient = {.email = "", .user_id = "u-77"};
  std::string paths;
  for (const graph::Medium medium : graph::kMedia) {
    command.medium = medium;
    const HttpRequest request = cancel(command);
    EXPECT_EQ(transcript(request), "POST " + request.path +
                                       "\n"
                                       "campaignId: 1001\n"
                                       "userId: \"u-77\"\n");
    paths += request.path + "\n";
  }
  EXPECT_EQ(paths,
            "/api/email/cancel\n/api/sms/cancel\n/api/push/cancel\n/api/webPush/cancel\n"
            "/api/inApp/cancel\n/api/whatsApp/cancel\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
