// The journey that a soak drives people through, with the daemon's project and the sandbox's around
// it. Message `first`; then until `wait` is over an opening of it is waited for. Who opened it
// waits for `pause`, in which they may unsubscribe, and gets `reader`; who did not gets `quiet`.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/instant.h"

namespace sojourn::soak {

struct Terms {
  base::Millis wait = base::seconds(20);  // whole seconds, as is `pause`
  base::Millis pause = base::seconds(5);
};

struct CampaignName {
  std::int64_t id = 0;
  std::string_view name;
};
inline constexpr std::string_view kFirst = "first";
inline constexpr std::string_view kReader = "reader";
inline constexpr std::string_view kQuiet = "quiet";
inline constexpr std::array<CampaignName, 3> kCampaigns{
    {{101, kFirst}, {102, kReader}, {103, kQuiet}}};
inline constexpr std::string_view kJourney = "soak";
inline constexpr std::string_view kEvent = "signup";
inline constexpr std::string_view kIntakeKey = "soak-intake-key";
inline constexpr std::string_view kWebhookKey = "soak-webhook-key";

// Below the folder of a soak.
inline constexpr std::string_view kStoreFile = "data/sojourn.db";
inline constexpr std::string_view kRecordFile = "sandbox.db";
inline constexpr std::string_view kProjectFile = "project.json";

// What the sandbox plays, and what the daemon runs against the sandbox at `sandbox_port`. False
// when a file cannot be written.
bool write_sandbox_project(const std::filesystem::path& folder);
bool write_daemon_project(const std::filesystem::path& folder, std::uint16_t sandbox_port,
                          const Terms& terms);

}  // namespace sojourn::soak
