#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

using graph::Value;

TrackCommand of_ada() {
  TrackCommand command;
  command.user.email = "ada@example.com";
  command.wire_name = "Trial \"Welcomed\"";
  command.created_at = base::Instant{1'772'355'600'999};
  command.message_key = *base::Hash128::from_hex("0123456789abcdeffedcba9876543210");
  return command;
}

TEST(EventsTrack, NamesTheEventByItsKeyAndCountsInSeconds) {
  TrackCommand command = of_ada();
  command.fields = {{"plan", Value("pro")}};
  EXPECT_EQ(transcript(events_track(command)),
            "POST /api/events/track\n"
            "email: \"ada@example.com\"\n"
            "eventName: \"Trial \\\"Welcomed\\\"\"\n"
            "id: \"0123456789abcdeffedcba9876543210\"\n"
            "createdAt: 1772355600\n"
            "dataFields: {\"plan\":\"pro\"}\n");
}

TEST(EventsTrack, LeavesOutDataThatIsNotThere) {
  TrackCommand command = of_ada();
  command.user = {.email = "", .user_id = "u-77"};
  command.created_at = base::Instant{-1};
  EXPECT_EQ(transcript(events_track(command)),
            "POST /api/events/track\n"
            "userId: \"u-77\"\n"
            "eventName: \"Trial \\\"Welcomed\\\"\"\n"
            "id: \"0123456789abcdeffedcba9876543210\"\n"
            "createdAt: -1\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
