#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest events_track(const TrackCommand& command) {
  Body body;
  body.who(command.user, "email", "userId")
      .text("eventName", command.wire_name)
      .text("id", command.message_key.hex())
      .seconds("createdAt", command.created_at)
      .object_if("dataFields", command.fields);
  return {"POST", "/api/events/track", body.take()};
}

}  // namespace sojourn::connectors::iterable
