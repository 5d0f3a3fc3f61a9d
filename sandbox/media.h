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

// What Iterable calls a medium, as the rows of campaigns and templates do: "InApp". Empty for none.
constexpr std::string_view medium_named(std::string_view word) {
  if (word == "Email") return "email";
  if (word == "InApp") return "in_app";
  if (word == "Push") return "push";
  if (word == "SMS") return "sms";
  if (word == "WebPush") return "web_push";
  return word == "WhatsApp" ? "whatsapp" : std::string_view();
}

// Of `/api/email/cancel` and the like.
constexpr std::string_view cancelled_medium(std::string_view path) {
  constexpr std::string_view kTarget = "target";
  constexpr std::string_view kCancel = "cancel";
  for (const auto& [target, medium] : kTargets) {
    const std::string_view stem = target.substr(0, target.size() - kTarget.size());
    if (path.starts_with(stem) && path.substr(stem.size()) == kCancel) return medium;
  }
  return {};
}

}  // namespace sojourn::sandbox
