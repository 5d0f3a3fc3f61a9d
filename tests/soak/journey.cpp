#include "tests/soak/journey.h"

#include <fmt/format.h>
#include <fstream>
#include <string>

namespace sojourn::soak {
namespace {

constexpr std::string_view kSandboxProject = R"({
  "projectId": 1,
  "type": "email",
  "channels": [{"id": 31, "name": "Marketing", "channelType": "Marketing",
                "messageMedium": "Email"}],
  "messageTypes": [{"id": 41, "name": "lifecycle", "channelId": 31,
                    "subscriptionPolicy": "OptOut"}],
  "templates": [{"templateId": 9001, "name": "soak", "messageTypeId": 41,
                 "messageMedium": "Email"}],
  "campaigns": [
    {"id": 101, "name": "first", "messageMedium": "Email", "templateId": 9001},
    {"id": 102, "name": "reader", "messageMedium": "Email", "templateId": 9001},
    {"id": 103, "name": "quiet", "messageMedium": "Email", "templateId": 9001}]
}
)";

// A message in doubt is asked for soon: nobody waits for minutes at the end of a soak.
constexpr std::string_view kConfig = R"(project = "soak"

[listen]
http = "127.0.0.1:0"

[store]
path = "data"

[intake]
key_file = "intake.key"

[iterable]
base_url = "http://127.0.0.1:{}"
allow_http = true
key_file = "iterable.key"
max_connections = 64
look_up_after_seconds = 2
absent_after_seconds = 5

[iterable.webhooks]
key_file = "webhook.key"
)";

constexpr std::string_view kCatalog = R"(user { plan string }

event signup { plan string }

message_type lifecycle = 41 marketing opt_out channel 31

campaign first  = 101 email lifecycle
campaign reader = 102 email lifecycle
campaign quiet  = 103 email lifecycle

policy { timezone "UTC" }
)";

constexpr std::string_view kJourneyText = R"(journey soak {{
  owner "soak@example.com"
  enter on signup

  send first
  wait for opened first up to {}s {{
    wait {}s
    send reader
    exit as opened
  }} timeout {{
    send quiet
    exit as silent
  }}
}}
)";

bool write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file.good();
}

bool write_key(const std::filesystem::path& path, std::string_view text) {
  if (!write(path, text)) return false;
  std::error_code failed;
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
  return !failed;
}

}  // namespace

bool write_sandbox_project(const std::filesystem::path& folder) {
  return write(folder / kProjectFile, kSandboxProject);
}

bool write_daemon_project(const std::filesystem::path& folder, std::uint16_t sandbox_port,
                          const Terms& terms) {
  return write(folder / "sojourn.toml", fmt::format(kConfig, sandbox_port)) &&
         write(folder / "catalog.journey", kCatalog) &&
         write(folder / "soak.journey",
               fmt::format(kJourneyText, terms.wait.count / 1000, terms.pause.count / 1000)) &&
         write_key(folder / "intake.key", kIntakeKey) &&
         write_key(folder / "iterable.key", "soak-iterable-key") &&
         write_key(folder / "webhook.key", kWebhookKey);
}

}  // namespace sojourn::soak
