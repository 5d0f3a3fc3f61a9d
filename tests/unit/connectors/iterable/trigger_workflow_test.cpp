#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

TEST(TriggerWorkflow, ForOneUserWithData) {
  WorkflowCommand command;
  command.workflow_id = 12;
  command.who = Recipient{"ada@example.com", "u-77"};
  command.fields = {{"plan", graph::Value("pro")}};
  EXPECT_EQ(transcript(trigger_workflow(command)),
            "POST /api/workflows/triggerWorkflow\n"
            "workflowId: 12\n"
            "email: \"ada@example.com\"\n"
            "dataFields: {\"plan\":\"pro\"}\n");
}

TEST(TriggerWorkflow, ForAList) {
  WorkflowCommand command;
  command.workflow_id = 12;
  command.who = std::int64_t{21};
  EXPECT_EQ(transcript(trigger_workflow(command)),
            "POST /api/workflows/triggerWorkflow\n"
            "workflowId: 12\n"
            "listId: 21\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
