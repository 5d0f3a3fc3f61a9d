// The send endpoints and the media they stand for, in the language's words. Pure.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace sojourn::sandbox {

inline constexpr auto kTargets = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"/api/email/target", "email"},
    {"/api/inApp/target", "in_app"},
    {"/api/push/target", "push"},
    {"/api/sms/target", "sms"},
    {"/api/webPush/target", "web_push"},
    {"/api/whatsApp/target", "whatsapp"},
});

// Empty for any other path.
constexpr std::string_view medium_of(std::string_view path) {
  for (const auto& [target, medium] : kTargets) {
    if (target == path) return medium;
  }
  return {};
}

}  // namespace sojourn::sandbox
