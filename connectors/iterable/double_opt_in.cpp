#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest double_opt_in(const DoubleOptInCommand& command) {
  Body body;
  body.who(command.user, "email", "userId").one_integer("messageTypeIds", command.message_type_id);
  return {"POST", "/api/subscriptions/subscribeToDoubleOptIn", body.take()};
}

}  // namespace sojourn::connectors::iterable
