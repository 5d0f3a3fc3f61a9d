#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

using What = InteractionCommand::What;

InteractionCommand of_ada(What what) {
  InteractionCommand command;
  command.what = what;
  command.user.email = "ada@example.com";
  command.message_id = "m-1";
  command.created_at = base::Instant{1'772'355'600'999};
  command.url = "https://example.com/";
  command.action = "link";
  return command;
}

std::string begin_of(const std::string& path) {
  return "POST " + path +
         "\n"
         "email: \"ada@example.com\"\n"
         "messageId: \"m-1\"\n"
         "createdAt: 1772355600\n";
}

TEST(TrackInteraction, GivesTheUrlAndTheActionWhereTheEndpointTakesThem) {
  const std::string clicked_url = "clickedUrl: \"https://example.com/\"\n";
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kInAppOpened))),
            begin_of("/api/events/trackInAppOpen"));
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kInAppClicked))),
            begin_of("/api/events/trackInAppClick") + clicked_url);
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kInAppClosed))),
            begin_of("/api/events/trackInAppClose") + clicked_url + "closeAction: \"link\"\n");
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kInAppDelivered))),
            begin_of("/api/events/trackInAppDelivery"));
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kInAppConsumed))),
            begin_of("/api/events/inAppConsume") + "deleteAction: \"link\"\n");
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kEmbeddedReceived))),
            begin_of("/api/embedded-messaging/events/received"));
  EXPECT_EQ(transcript(track_interaction(of_ada(What::kEmbeddedClicked))),
            begin_of("/api/embedded-messaging/events/click") +
                "targetUrl: \"https://example.com/\"\n"
                "buttonIdentifier: \"link\"\n");
}

TEST(TrackInteraction, NamesTheAppWhereItIsKnown) {
  InteractionCommand command = of_ada(What::kInAppOpened);
  command.device = Device{"d-1", "iOS", "com.example.app"};
  EXPECT_EQ(transcript(track_interaction(command)),
            begin_of("/api/events/trackInAppOpen") +
                "deviceInfo: {\"deviceId\":\"d-1\",\"platform\":\"iOS\","
                "\"appPackageName\":\"com.example.app\"}\n");
}

TEST(TrackEmbeddedSession, SaysWhatWasShownHowLong) {
  EmbeddedSessionCommand command;
  command.user.user_id = "u-77";
  command.session_id = "s-1";
  command.start = base::Instant{1'772'355'600'000};
  command.end = base::Instant{1'772'355'660'000};
  command.impressions = {{"m-1", 5, 2, 1.5}};
  EXPECT_EQ(transcript(track_embedded_session(command)),
            "POST /api/embedded-messaging/events/session\n"
            "userId: \"u-77\"\n"
            "session: {\"id\":\"s-1\",\"start\":1772355600,\"end\":1772355660}\n"
            "impressions: [{\"messageId\":\"m-1\",\"placementId\":5,\"displayCount\":2,"
            "\"displayDuration\":1.5}]\n"
            "createdAt: 1772355660\n");
}

TEST(WaitingMessages, AreAskedForByQuery) {
  using Which = WaitingMessagesCommand::What;
  WaitingMessagesCommand command{Which::kInApp, {"ada+x@example.com", ""}, 5, {}};
  EXPECT_EQ(transcript(waiting_messages(command)),
            "GET /api/inApp/getMessages?email=ada%2Bx@example.com&count=5\n");
  command.what = Which::kInAppWeb;
  EXPECT_EQ(transcript(waiting_messages(command)),
            "GET /api/inApp/web/getMessages?email=ada%2Bx@example.com&count=5\n");
  command.what = Which::kInAppFirst;
  EXPECT_EQ(transcript(waiting_messages(command)),
            "GET /api/inApp/getPriorityMessage?email=ada%2Bx@example.com\n");
  command.what = Which::kEmbedded;
  command.user = {.email = "", .user_id = "u-77"};
  command.placements = {3, 4};
  EXPECT_EQ(transcript(waiting_messages(command)),
            "GET /api/embedded-messaging/messages?userId=u-77&placementIds=3&placementIds=4\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
