#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest list_change(const ListCommand& command) {
  Body body;
  body.integer("listId", command.list_id).one_user("subscribers", command.user);
  return {"POST", command.joins ? "/api/lists/subscribe" : "/api/lists/unsubscribe", body.take()};
}

}  // namespace sojourn::connectors::iterable
