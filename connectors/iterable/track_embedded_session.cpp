#include <string>
#include <utility>
#include <vector>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"
#include "connectors/iterable/device.h"

namespace sojourn::connectors::iterable {

HttpRequest track_embedded_session(const EmbeddedSessionCommand& command) {
  Body session;
  session.text("id", command.session_id)
      .seconds("start", command.start)
      .seconds("end", command.end);
  std::vector<std::string> impressions;
  for (const EmbeddedSessionCommand::Impression& impression : command.impressions) {
    Body one;
    one.text("messageId", impression.message_id)
        .integer("placementId", impression.placement_id)
        .integer("displayCount", impression.times)
        .number("displayDuration", impression.seconds);
    impressions.push_back(one.take());
  }
  Body body;
  body.who(command.user, "email", "userId")
      .nested("session", std::move(session))
      .list("impressions", impressions)
      .seconds("createdAt", command.end);
  append_device(body, command.device);
  return {"POST", "/api/embedded-messaging/events/session", body.take()};
}

}  // namespace sojourn::connectors::iterable
