#include <string>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"

namespace sojourn::connectors::iterable {

namespace {

using What = WaitingMessagesCommand::What;

std::string_view path_of(What what) {
  switch (what) {
    case What::kInApp:
      return "/api/inApp/getMessages";
    case What::kInAppWeb:
      return "/api/inApp/web/getMessages";
    case What::kInAppFirst:
      return "/api/inApp/getPriorityMessage";
    case What::kEmbedded:
      return "/api/embedded-messaging/messages";
  }
  return {};
}

}  // namespace

HttpRequest waiting_messages(const WaitingMessagesCommand& command) {
  std::string path = std::string(path_of(command.what)) + "?" + user_in_query(command.user);
  if (command.what == What::kInApp || command.what == What::kInAppWeb) {
    path += "&count=" + std::to_string(command.count);
  }
  if (command.what == What::kEmbedded) {
    for (const std::int64_t placement : command.placements) {
      path += "&placementIds=" + std::to_string(placement);
    }
  }
  return {"GET", path, {}};
}

}  // namespace sojourn::connectors::iterable
