// The sandbox answers what the connector asks, and the connector reads what the sandbox answers.
#include "connectors/iterable/actions.h"
#include "connectors/iterable/bulk.h"
#include "connectors/iterable/commands.h"
#include "connectors/iterable/outcome_table.h"
#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::connectors::iterable {
namespace {

class AgainstSandbox : public sandbox::ServiceTest {
 protected:
  Attempt attempt(const HttpRequest& request) {
    const sandbox::Reply reply =
        service->handle({request.method, request.path, {}, "secret", request.body}, now);
    return Response{reply.status, "", reply.body};
  }
  // "accepted, wrong_types"
  std::string in_bulk(const BulkAction& action, const std::vector<BulkItem>& items) {
    std::string out;
    for (const Outcome& outcome :
         decide_bulk(items, attempt(bulk_request(action, items))).outcomes) {
      if (!out.empty()) out += ", ";
      out += outcome.reason;
    }
    return out;
  }
  static BulkItem update(const Recipient& user, graph::Value plan) {
    UpdateCommand command;
    command.user = user;
    command.fields = {{"plan", std::move(plan)}};
    return {users_update(command)->body};
  }
  static BulkItem event(const Recipient& user) {
    TrackCommand command;
    command.user = user;
    command.wire_name = "Welcomed";
    return {events_track(command).body};
  }
};

TEST_F(AgainstSandbox, ProfilesInBulkAreJudgedOneByOne) {
  EXPECT_EQ(in_bulk(kUsersBulkUpdate, {update({"ada@example.com", ""}, graph::Value("pro")),
                                       update({"no address", ""}, graph::Value("pro")),
                                       update({"bob@example.com", ""}, graph::Value(true))}),
            "accepted, invalid_email, wrong_types");
  // As a single call would have done.
  EXPECT_EQ(service->handle({"GET", "/api/users/ada@example.com", {}, "secret", {}}, now).status,
            200);
}

TEST_F(AgainstSandbox, EventsInBulkAreJudgedOneByOne) {
  EXPECT_EQ(in_bulk(kEventsTrackBulk, {event({"ada@example.com", ""}), event({"no address", ""}),
                                       event({"ada@example.com", ""})}),
            "accepted, invalid_email, accepted");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
