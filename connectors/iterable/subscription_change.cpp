#include <string>

#include "base/check.h"
#include "base/percent.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

namespace {

std::string_view group_in_path(SubscriptionCommand::Group group) {
  switch (group) {
    case SubscriptionCommand::Group::kMessageType:
      return "messageType";
    case SubscriptionCommand::Group::kChannel:
      return "messageChannel";
    case SubscriptionCommand::Group::kList:
      return "emailList";
  }
  return {};
}

}  // namespace

HttpRequest subscription_change(const SubscriptionCommand& command) {
  const Recipient& user = command.user;
  SOJOURN_CHECK(!user.address().empty(), "a delivery is addressed to somebody");
  const std::string_view by = user.is_addressed_by_email() ? "/user/" : "/byUserId/";
  std::string path = "/api/subscriptions/";
  path.append(group_in_path(command.group)).append("/").append(std::to_string(command.id));
  path.append(by).append(base::percent_encoded(user.address()));
  return {command.subscribes ? "PATCH" : "DELETE", path, {}};
}

}  // namespace sojourn::connectors::iterable
