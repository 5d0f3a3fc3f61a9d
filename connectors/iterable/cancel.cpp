#include <string>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest cancel(const CancelCommand& command) {
  Body body;
  if (command.scheduled_message_id) {
    body.integer("scheduledMessageId", *command.scheduled_message_id);
  } else {
    body.integer("campaignId", command.campaign_id).who(command.recipient, "email", "userId");
  }
  return {"POST", std::string(send_action(command.medium).cancel_path), body.take()};
}

}  // namespace sojourn::connectors::iterable
