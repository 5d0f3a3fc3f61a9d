#include <variant>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest trigger_workflow(const WorkflowCommand& command) {
  Body body;
  body.integer("workflowId", command.workflow_id);
  if (const auto* user = std::get_if<Recipient>(&command.who)) {
    body.who(*user, "email", "userId");
  } else {
    body.integer("listId", std::get<std::int64_t>(command.who));
  }
  body.object_if("dataFields", command.fields);
  return {"POST", "/api/workflows/triggerWorkflow", body.take()};
}

}  // namespace sojourn::connectors::iterable
