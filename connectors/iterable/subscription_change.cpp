#include <string>

#include "base/check.h"
#include "base/percent.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest subscription_change(const SubscriptionCommand& command) {
  const Recipient& user = command.user;
  SOJOURN_CHECK(!user.email.empty() || !user.user_id.empty(),
                "a delivery is addressed to somebody");
  const std::string who = user.email.empty() ? "byUserId/" + base::percent_encoded(user.user_id)
                                             : "user/" + base::percent_encoded(user.email);
  return {command.subscribes ? "PATCH" : "DELETE",
          "/api/subscriptions/messageType/" + std::to_string(command.message_type_id) + "/" + who,
          {}};
}

}  // namespace sojourn::connectors::iterable
