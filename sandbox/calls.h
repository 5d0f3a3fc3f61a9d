// The operations of Iterable's API that the sandbox serves, one function each; routes.cpp says
// which path is whose. What each answers, and when, stands in docs/sandbox.md. Private to the
// service; one thread.
#pragma once

#include "sandbox/desk.h"

namespace sojourn::sandbox {

// targets.cpp: POST /api/*/target and /api/*/cancel
Reply target(Desk& desk, const Call& call);
Reply cancel(Desk& desk, const Call& call);

// users.cpp
Reply users_update(Desk& desk, const Call& call);
Reply bulk_update(Desk& desk, const Call& call);
Reply user_by_email(Desk& desk, const Call& call);  // the name in the path or in the query
Reply user_by_user_id(Desk& desk, const Call& call);
Reply user_fields(Desk& desk, const Call& call);

// user_changes.cpp
Reply update_email(Desk& desk, const Call& call);
Reply merge_users(Desk& desk, const Call& call);
Reply delete_by_email(Desk& desk, const Call& call);
Reply delete_by_user_id(Desk& desk, const Call& call);
Reply forget_user(Desk& desk, const Call& call);
Reply unforget_user(Desk& desk, const Call& call);
Reply forgotten_emails(Desk& desk, const Call& call);
Reply forgotten_user_ids(Desk& desk, const Call& call);

// events.cpp
Reply track(Desk& desk, const Call& call);
Reply track_bulk(Desk& desk, const Call& call);
Reply user_events(Desk& desk, const Call& call);

// commerce.cpp
Reply track_purchase(Desk& desk, const Call& call);
Reply update_cart(Desk& desk, const Call& call);

// memberships.cpp: lists
Reply join_list(Desk& desk, const Call& call);
Reply leave_list(Desk& desk, const Call& call);

// list_calls.cpp: what looks at everybody on a list
Reply list_users(Desk& desk, const Call& call);
Reply list_preview(Desk& desk, const Call& call);
Reply list_size(Desk& desk, const Call& call);
Reply trigger_campaign(Desk& desk, const Call& call);

// subscriptions.cpp
Reply subscribe_user(Desk& desk, const Call& call);
Reply unsubscribe_user(Desk& desk, const Call& call);
Reply change_many_subscriptions(Desk& desk, const Call& call);
Reply update_subscriptions(Desk& desk, const Call& call);
Reply bulk_update_subscriptions(Desk& desk, const Call& call);
Reply double_opt_in(Desk& desk, const Call& call);

// sent_messages.cpp
Reply sent_messages(Desk& desk, const Call& call);

// app_messages.cpp
Reply in_app_messages(Desk& desk, const Call& call);
Reply first_in_app_message(Desk& desk, const Call& call);
Reply embedded_messages(Desk& desk, const Call& call);

// other_calls.cpp
Reply keep_call(Desk& desk, const Call& call);  // about one user
Reply disable_device(Desk& desk, const Call& call);
Reply trigger_workflow(Desk& desk, const Call& call);
Reply template_proof(Desk& desk, const Call& call);

// project_pages.cpp
Reply campaigns_page(Desk& desk, const Call& call);
Reply campaign_page(Desk& desk, const Call& call);
Reply campaign_metrics(Desk& desk, const Call& call);
Reply templates_page(Desk& desk, const Call& call);
Reply template_page(Desk& desk, const Call& call);  // of the medium in the path
Reply templates_by_client_id(Desk& desk, const Call& call);
Reply channels_page(Desk& desk, const Call& call);
Reply message_types_page(Desk& desk, const Call& call);
Reply lists_page(Desk& desk, const Call& call);
Reply journeys_page(Desk& desk, const Call& call);

// project_calls.cpp
Reply make_list(Desk& desk, const Call& call);
Reply delete_list(Desk& desk, const Call& call);
Reply upsert_template(Desk& desk, const Call& call);  // of the medium in the path
Reply update_template(Desk& desk, const Call& call);  // the same
Reply make_campaign(Desk& desk, const Call& call);
Reply activate_campaign(Desk& desk, const Call& call);
Reply deactivate_campaign(Desk& desk, const Call& call);

// catalog_calls.cpp
Reply make_catalog(Desk& desk, const Call& call);
Reply delete_catalog(Desk& desk, const Call& call);
Reply catalogs_page(Desk& desk, const Call& call);
Reply catalog_items_page(Desk& desk, const Call& call);
Reply put_catalog_items(Desk& desk, const Call& call);
Reply delete_catalog_items(Desk& desk, const Call& call);
Reply catalog_item(Desk& desk, const Call& call);
Reply put_catalog_item(Desk& desk, const Call& call);
Reply patch_catalog_item(Desk& desk, const Call& call);
Reply delete_catalog_item(Desk& desk, const Call& call);

// "Email" of /api/templates/email/get: the medium as a template's row says it.
std::string_view template_medium(std::string_view path);
Reply unknown_template(std::int64_t id);

}  // namespace sojourn::sandbox
