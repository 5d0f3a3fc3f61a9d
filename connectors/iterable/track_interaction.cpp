#include <array>
#include <string>
#include <utility>

#include "base/check.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/body.h"
#include "connectors/iterable/commands.h"
#include "connectors/iterable/device.h"

namespace sojourn::connectors::iterable {

namespace {

using What = InteractionCommand::What;

// Where they differ, as data: under which names the endpoint takes the URL and the action; it has
// none where there is no name.
struct Interaction {
  What what;
  std::string_view path;
  std::string_view url_name;
  std::string_view action_name;
};
constexpr auto kInteractions = std::to_array<Interaction>({
    {What::kInAppOpened, "/api/events/trackInAppOpen", "", ""},
    {What::kInAppClicked, "/api/events/trackInAppClick", "clickedUrl", ""},
    {What::kInAppClosed, "/api/events/trackInAppClose", "clickedUrl", "closeAction"},
    {What::kInAppDelivered, "/api/events/trackInAppDelivery", "", ""},
    {What::kInAppConsumed, "/api/events/inAppConsume", "", "deleteAction"},
    {What::kEmbeddedReceived, "/api/embedded-messaging/events/received", "", ""},
    {What::kEmbeddedClicked, "/api/embedded-messaging/events/click", "targetUrl",
     "buttonIdentifier"},
});

const Interaction& interaction_of(What what) {
  for (const Interaction& interaction : kInteractions) {
    if (interaction.what == what) return interaction;
  }
  SOJOURN_CHECK(false, "every interaction has an endpoint");
  return kInteractions.front();
}

}  // namespace

void append_device(Body& body, const std::optional<Device>& device) {
  if (!device) return;
  Body info;
  info.text("deviceId", device->id)
      .text("platform", device->platform)
      .text("appPackageName", device->app);
  body.nested("deviceInfo", std::move(info));
}

HttpRequest track_interaction(const InteractionCommand& command) {
  const Interaction& interaction = interaction_of(command.what);
  Body body;
  body.who(command.user, "email", "userId")
      .text("messageId", command.message_id)
      .seconds("createdAt", command.created_at);
  append_device(body, command.device);
  if (!interaction.url_name.empty()) body.text_if(interaction.url_name, command.url);
  if (!interaction.action_name.empty()) body.text_if(interaction.action_name, command.action);
  return {"POST", std::string(interaction.path), body.take()};
}

}  // namespace sojourn::connectors::iterable
