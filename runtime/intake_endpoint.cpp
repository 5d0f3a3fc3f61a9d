#include "runtime/intake_endpoint.h"

#include <algorithm>
#include <array>

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;

struct Route {
  std::string_view path;
  Endpoint endpoint;
};
constexpr auto kRoutes = std::to_array<Route>({
    {"/api/events/track", Endpoint::kEventsTrack},
    {"/api/events/trackBulk", Endpoint::kEventsTrackBulk},
    {"/api/users/update", Endpoint::kUsersUpdate},
    {"/api/users/bulkUpdate", Endpoint::kUsersBulkUpdate},
    {"/api/users/updateSubscriptions", Endpoint::kSubscriptionsUpdate},
    {"/api/users/bulkUpdateSubscriptions", Endpoint::kSubscriptionsBulkUpdate},
    {"/api/lists/subscribe", Endpoint::kListsSubscribe},
    {"/api/lists/unsubscribe", Endpoint::kListsUnsubscribe},
    {"/api/users/updateEmail", Endpoint::kUsersUpdateEmail},
    {"/api/users/merge", Endpoint::kUsersMerge},
    {"/api/users/forget", Endpoint::kUsersForget},
    {"/api/users/unforget", Endpoint::kUsersUnforget},
    {"/api/commerce/trackPurchase", Endpoint::kTrackPurchase},
    {"/api/commerce/updateCart", Endpoint::kUpdateCart},
    {"/api/workflows/triggerWorkflow", Endpoint::kTriggerWorkflow},
    {"/v1/engagements", Endpoint::kEngagements},
    {"/v1/track", Endpoint::kSegmentTrack},
    {"/v1/identify", Endpoint::kSegmentIdentify},
    {"/v1/alias", Endpoint::kSegmentAlias},
    {"/v1/batch", Endpoint::kSegmentBatch},
    {"/v1/page", Endpoint::kSegmentOther},
    {"/v1/screen", Endpoint::kSegmentOther},
    {"/v1/group", Endpoint::kSegmentOther},
    {"/v1/events", Endpoint::kEvents},
});

constexpr auto kOnlyGoOn = std::to_array<std::string_view>({
    "/api/subscriptions/subscribeToDoubleOptIn",
    "/api/users/registerDeviceToken",
    "/api/users/registerBrowserToken",
    "/api/users/disableDevice",
    "/api/events/trackPushOpen",
    "/api/events/trackWebPushClick",
    "/api/events/trackInAppOpen",
    "/api/events/trackInAppClick",
    "/api/events/trackInAppClose",
    "/api/events/trackInAppDelivery",
    "/api/events/inAppConsume",
    "/api/embedded-messaging/events/received",
    "/api/embedded-messaging/events/click",
    "/api/embedded-messaging/events/session",
});

constexpr std::string_view kIterables = "/api/";
constexpr std::string_view kUsers = "/api/users/";

}  // namespace

std::optional<Endpoint> find_endpoint(std::string_view path) {
  const auto* found = std::ranges::find(kRoutes, path, &Route::path);
  if (found == kRoutes.end()) return std::nullopt;
  return found->endpoint;
}

std::optional<std::string_view> journey_of(std::string_view path) {
  constexpr std::string_view kBefore = "/v1/journeys/";
  constexpr std::string_view kBehind = "/entries";
  if (path.size() < kBefore.size() + kBehind.size() || !path.starts_with(kBefore) ||
      !path.ends_with(kBehind)) {
    return std::nullopt;
  }
  return path.substr(kBefore.size(), path.size() - kBefore.size() - kBehind.size());
}

std::string_view path_of(Endpoint endpoint) {
  if (endpoint == Endpoint::kJourneyEntry) return "/v1/journeys/NAME/entries";
  if (endpoint == Endpoint::kUsersDelete) return "/api/users/{email}";
  if (endpoint == Endpoint::kSubscription) return "/api/subscriptions/{group}/{id}/user/{email}";
  if (endpoint == Endpoint::kSubscriptionOfMany) return "/api/subscriptions/{group}/{id}";
  const auto* found = std::ranges::find(kRoutes, endpoint, &Route::endpoint);
  return found == kRoutes.end() ? std::string_view() : found->path;
}

bool is_iterables(Endpoint endpoint) {
  return path_of(endpoint).starts_with(kIterables);
}

bool only_goes_on(std::string_view path) {
  return std::ranges::find(kOnlyGoOn, path) != kOnlyGoOn.end();
}

bool erases(std::string_view method, std::string_view path) {
  if (method == "POST") return path == "/api/users/forget" || path == "/api/users/unforget";
  return method == "DELETE" && path.starts_with(kUsers) && path.size() > kUsers.size();
}

}  // namespace sojourn::runtime
