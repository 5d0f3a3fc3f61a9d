#include "sandbox/routes.h"

#include <algorithm>
#include <array>
#include <span>

#include "sandbox/calls.h"
#include "sandbox/path_pattern.h"

namespace sojourn::sandbox {
namespace {

constexpr auto kRoutes = std::to_array<Route>({
    {"POST", "/api/email/target", target},
    {"POST", "/api/inApp/target", target},
    {"POST", "/api/push/target", target},
    {"POST", "/api/sms/target", target},
    {"POST", "/api/webPush/target", target},
    {"POST", "/api/whatsApp/target", target},
    {"POST", "/api/email/cancel", cancel},
    {"POST", "/api/inApp/cancel", cancel},
    {"POST", "/api/push/cancel", cancel},
    {"POST", "/api/sms/cancel", cancel},
    {"POST", "/api/webPush/cancel", cancel},
    {"POST", "/api/whatsApp/cancel", cancel},

    {"POST", "/api/users/update", users_update},
    {"POST", "/api/users/bulkUpdate", bulk_update},
    {"GET", "/api/users/getByEmail", user_by_email},
    {"GET", "/api/users/byUserId", user_by_user_id},
    {"GET", "/api/users/getFields", user_fields},
    {"GET", "/api/users/getSentMessages", sent_messages},
    {"GET", "/api/users/forgotten", forgotten_emails},
    {"GET", "/api/users/forgottenUserIds", forgotten_user_ids},
    {"GET", "/api/users/{email}", user_by_email},
    {"GET", "/api/users/byUserId/{userId}", user_by_user_id},
    {"DELETE", "/api/users/{email}", delete_by_email},
    {"DELETE", "/api/users/byUserId/{userId}", delete_by_user_id},
    {"POST", "/api/users/updateEmail", update_email},
    {"POST", "/api/users/merge", merge_users},
    {"POST", "/api/users/forget", forget_user},
    {"POST", "/api/users/unforget", unforget_user},
    {"POST", "/api/users/updateSubscriptions", update_subscriptions},
    {"POST", "/api/users/bulkUpdateSubscriptions", bulk_update_subscriptions},
    {"POST", "/api/users/registerDeviceToken", keep_call},
    {"POST", "/api/users/registerBrowserToken", keep_call},
    {"POST", "/api/users/disableDevice", disable_device},

    {"POST", "/api/events/track", track},
    {"POST", "/api/events/trackBulk", track_bulk},
    {"GET", "/api/events/{email}", user_events},
    {"GET", "/api/events/byUserId/{userId}", user_events},
    {"POST", "/api/events/trackPushOpen", keep_call},
    {"POST", "/api/events/trackWebPushClick", keep_call},
    {"POST", "/api/events/trackInAppOpen", keep_call},
    {"POST", "/api/events/trackInAppClick", keep_call},
    {"POST", "/api/events/trackInAppClose", keep_call},
    {"POST", "/api/events/trackInAppDelivery", keep_call},
    {"POST", "/api/events/inAppConsume", keep_call},
    {"POST", "/api/embedded-messaging/events/received", keep_call},
    {"POST", "/api/embedded-messaging/events/click", keep_call},
    {"POST", "/api/embedded-messaging/events/session", keep_call},

    {"GET", "/api/inApp/getMessages", in_app_messages},
    {"GET", "/api/inApp/web/getMessages", in_app_messages},
    {"GET", "/api/inApp/getPriorityMessage", first_in_app_message},
    {"GET", "/api/embedded-messaging/messages", embedded_messages},

    {"POST", "/api/commerce/trackPurchase", track_purchase},
    {"POST", "/api/commerce/updateCart", update_cart},
    {"POST", "/api/workflows/triggerWorkflow", trigger_workflow},

    {"GET", "/api/lists", lists_page},
    {"POST", "/api/lists", make_list},
    {"DELETE", "/api/lists/{listId}", delete_list},
    {"GET", "/api/lists/getUsers", list_users},
    {"GET", "/api/lists/previewUsers", list_preview},
    {"GET", "/api/lists/{listId}/size", list_size},
    {"POST", "/api/lists/subscribe", join_list},
    {"POST", "/api/lists/unsubscribe", leave_list},

    {"POST", "/api/subscriptions/subscribeToDoubleOptIn", double_opt_in},
    {"PUT", "/api/subscriptions/{subscriptionGroup}/{subscriptionGroupId}",
     change_many_subscriptions},
    {"PATCH", "/api/subscriptions/{subscriptionGroup}/{subscriptionGroupId}/user/{userEmail}",
     subscribe_user},
    {"DELETE", "/api/subscriptions/{subscriptionGroup}/{subscriptionGroupId}/user/{userEmail}",
     unsubscribe_user},
    {"PATCH", "/api/subscriptions/{subscriptionGroup}/{subscriptionGroupId}/byUserId/{userId}",
     subscribe_user},
    {"DELETE", "/api/subscriptions/{subscriptionGroup}/{subscriptionGroupId}/byUserId/{userId}",
     unsubscribe_user},

    {"GET", "/api/campaigns", campaigns_page},
    {"GET", "/api/campaigns/metrics", campaign_metrics},
    {"GET", "/api/campaigns/{id}", campaign_page},
    {"POST", "/api/campaigns/trigger", trigger_campaign},
    {"POST", "/api/campaigns/create", make_campaign},
    {"POST", "/api/campaigns/activateTriggered", activate_campaign},
    {"POST", "/api/campaigns/deactivateTriggered", deactivate_campaign},
    {"GET", "/api/channels", channels_page},
    {"GET", "/api/messageTypes", message_types_page},
    {"GET", "/api/journeys", journeys_page},
    {"GET", "/api/templates", templates_page},
    {"GET", "/api/templates/getByClientTemplateId", templates_by_client_id},
    {"GET", "/api/templates/email/get", template_page},
    {"GET", "/api/templates/push/get", template_page},
    {"GET", "/api/templates/sms/get", template_page},
    {"GET", "/api/templates/inapp/get", template_page},
    {"GET", "/api/templates/embedded/get", template_page},
    {"POST", "/api/templates/email/upsert", upsert_template},
    {"POST", "/api/templates/push/upsert", upsert_template},
    {"POST", "/api/templates/sms/upsert", upsert_template},
    {"POST", "/api/templates/inapp/upsert", upsert_template},
    {"POST", "/api/templates/embedded/upsert", upsert_template},
    {"POST", "/api/templates/email/update", update_template},
    {"POST", "/api/templates/push/update", update_template},
    {"POST", "/api/templates/sms/update", update_template},
    {"POST", "/api/templates/inapp/update", update_template},
    {"POST", "/api/templates/embedded/update", update_template},
    {"POST", "/api/templates/email/proof", template_proof},
    {"POST", "/api/templates/push/proof", template_proof},
    {"POST", "/api/templates/sms/proof", template_proof},
    {"POST", "/api/templates/inapp/proof", template_proof},

    {"GET", "/api/catalogs", catalogs_page},
    {"POST", "/api/catalogs/{catalogName}", make_catalog},
    {"DELETE", "/api/catalogs/{catalogName}", delete_catalog},
    {"GET", "/api/catalogs/{catalogName}/items", catalog_items_page},
    {"POST", "/api/catalogs/{catalogName}/items", put_catalog_items},
    {"DELETE", "/api/catalogs/{catalogName}/items", delete_catalog_items},
    {"GET", "/api/catalogs/{catalogName}/items/{itemId}", catalog_item},
    {"PUT", "/api/catalogs/{catalogName}/items/{itemId}", put_catalog_item},
    {"PATCH", "/api/catalogs/{catalogName}/items/{itemId}", patch_catalog_item},
    {"DELETE", "/api/catalogs/{catalogName}/items/{itemId}", delete_catalog_item},
});

// The plain paths in order of path and method, and the patterns as they are written.
struct Index {
  std::vector<const Route*> plain;
  std::vector<const Route*> patterns;
};

bool before(const Route* route, const std::pair<std::string_view, std::string_view>& wanted) {
  return std::pair(route->pattern, route->method) < wanted;
}

const Index& index() {
  static const Index kIndex = [] {
    Index out;
    for (const Route& route : kRoutes) {
      (has_names(route.pattern) ? out.patterns : out.plain).push_back(&route);
    }
    std::ranges::sort(out.plain, [](const Route* a, const Route* b) {
      return std::pair(a->pattern, a->method) < std::pair(b->pattern, b->method);
    });
    return out;
  }();
  return kIndex;
}

}  // namespace

const Route* find_route(std::string_view method, std::string_view path,
                        std::vector<std::string>& names) {
  const std::vector<const Route*>& plain = index().plain;
  const auto found = std::lower_bound(plain.begin(), plain.end(), std::pair(path, method), before);
  if (found != plain.end() && (*found)->pattern == path && (*found)->method == method) {
    return *found;
  }
  for (const Route* route : index().patterns) {
    names.clear();
    if (route->method == method && fits_pattern(route->pattern, path, &names)) return route;
  }
  return nullptr;
}

}  // namespace sojourn::sandbox
