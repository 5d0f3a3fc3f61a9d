#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest users_update_email(const ChangeEmailCommand& command) {
  Body body;
  body.who(command.user, "currentEmail", "currentUserId").text("newEmail", command.new_email);
  return {"POST", "/api/users/updateEmail", body.take()};
}

}  // namespace sojourn::connectors::iterable
