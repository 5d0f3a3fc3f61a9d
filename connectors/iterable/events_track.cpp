#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {
namespace {

// Iterable counts in seconds; a moment before 1970 rounds down as well.
std::int64_t whole_seconds(base::Instant t) {
  const std::int64_t quotient = t.millis / 1000;
  return t.millis % 1000 < 0 ? quotient - 1 : quotient;
}

}  // namespace

HttpRequest events_track(const TrackCommand& command) {
  Body body;
  body.who(command.user, "email", "userId")
      .text("eventName", command.wire_name)
      .text("id", command.message_key.hex())
      .integer("createdAt", whole_seconds(command.created_at));
  if (!command.fields.empty()) body.object("dataFields", command.fields);
  return {"POST", "/api/events/track", body.take()};
}

}  // namespace sojourn::connectors::iterable
