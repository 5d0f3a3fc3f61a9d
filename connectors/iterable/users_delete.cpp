#include <string>

#include "base/check.h"
#include "base/percent.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

HttpRequest users_delete(const DeleteCommand& command) {
  const std::string& address = command.user.address();
  SOJOURN_CHECK(!address.empty(), "a request is about somebody");
  const std::string_view by = command.user.is_addressed_by_email() ? "" : "byUserId/";
  return {"DELETE", "/api/users/" + std::string(by) + base::percent_encoded(address), {}};
}

}  // namespace sojourn::connectors::iterable
