#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest users_forget(const ForgetCommand& command) {
  Body body;
  body.who(command.user, "email", "userId");
  return {"POST", command.forgets ? "/api/users/forget" : "/api/users/unforget", body.take()};
}

}  // namespace sojourn::connectors::iterable
