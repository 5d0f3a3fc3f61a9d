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
constexpr std::array<Route, 9> kRoutes{{
    {"/api/events/track", Endpoint::kEventsTrack},
    {"/api/events/trackBulk", Endpoint::kEventsTrackBulk},
    {"/api/users/update", Endpoint::kUsersUpdate},
    {"/api/users/bulkUpdate", Endpoint::kUsersBulkUpdate},
    {"/api/users/updateSubscriptions", Endpoint::kSubscriptionsUpdate},
    {"/api/users/bulkUpdateSubscriptions", Endpoint::kSubscriptionsBulkUpdate},
    {"/api/lists/subscribe", Endpoint::kListsSubscribe},
    {"/api/lists/unsubscribe", Endpoint::kListsUnsubscribe},
    {"/v1/engagements", Endpoint::kEngagements},
}};

}  // namespace

std::optional<Endpoint> find_endpoint(std::string_view path) {
  const auto* found = std::ranges::find(kRoutes, path, &Route::path);
  if (found == kRoutes.end()) return std::nullopt;
  return found->endpoint;
}

std::string_view path_of(Endpoint endpoint) {
  if (endpoint == Endpoint::kJourneyEntry) return "/v1/journeys/NAME/entries";
  const auto* found = std::ranges::find(kRoutes, endpoint, &Route::endpoint);
  return found == kRoutes.end() ? std::string_view() : found->path;
}

}  // namespace sojourn::runtime
