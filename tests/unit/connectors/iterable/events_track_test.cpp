#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/shown_request.h"

namespace sojourn::connectors::iterable {
namespace {

std::string said_at(std::int64_t millis) {
  TrackCommand command;
  command.user.email = "ada@example.com";
  command.wire_name = "Welcomed";
  command.created_at = base::Instant{millis};
  command.message_key = *base::Hash128::from_hex("0123456789abcdeffedcba9876543210");
  const std::string request = shown(events_track(command));
  return request.substr(request.find("createdAt"));
}

TEST(EventsTrack, CountsInWholeSecondsThatHaveBegun) {
  EXPECT_EQ(said_at(1'772'355'600'999), "createdAt: 1772355600\n");
  EXPECT_EQ(said_at(-1), "createdAt: -1\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
