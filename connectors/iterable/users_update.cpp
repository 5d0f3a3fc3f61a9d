#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

std::optional<HttpRequest> users_update(const UpdateCommand& command) {
  std::vector<graph::Field> changed;
  for (const graph::Field& field : command.fields) {
    const bool same =
        command.known && graph::find_field(*command.known, field.first) == field.second;
    if (!same) changed.push_back(field);
  }
  if (changed.empty()) return std::nullopt;
  Body body;
  body.who(command.user, "email", "userId").object("dataFields", changed);
  return HttpRequest{"POST", "/api/users/update", body.take()};
}

}  // namespace sojourn::connectors::iterable
