// The operations of Iterable's API that the sandbox serves, one function each; routes.cpp says
// which path is whose. What each answers, and when, stands in docs/sandbox.md. Private to the
// service; one thread.
#pragma once

#include "sandbox/desk.h"

namespace sojourn::sandbox {

// targets.cpp: POST /api/*/target.
Reply target(Desk& desk, const Call& call);

// users.cpp
Reply users_update(Desk& desk, const Call& call);
Reply bulk_update(Desk& desk, const Call& call);
Reply user_by_email(Desk& desk, const Call& call);  // the name in the path or in the query
Reply user_by_user_id(Desk& desk, const Call& call);
Reply user_fields(Desk& desk, const Call& call);

// events.cpp
Reply track(Desk& desk, const Call& call);
Reply track_bulk(Desk& desk, const Call& call);

// memberships.cpp
Reply join_list(Desk& desk, const Call& call);
Reply leave_list(Desk& desk, const Call& call);
Reply subscribe_user(Desk& desk, const Call& call);
Reply unsubscribe_user(Desk& desk, const Call& call);
Reply double_opt_in(Desk& desk, const Call& call);

// sent_messages.cpp
Reply sent_messages(Desk& desk, const Call& call);

// project_pages.cpp
Reply campaigns_page(Desk& desk, const Call& call);
Reply campaign_page(Desk& desk, const Call& call);
Reply templates_page(Desk& desk, const Call& call);
Reply template_page(Desk& desk, const Call& call);  // of the medium in the path
Reply templates_by_client_id(Desk& desk, const Call& call);
Reply channels_page(Desk& desk, const Call& call);
Reply message_types_page(Desk& desk, const Call& call);
Reply lists_page(Desk& desk, const Call& call);
Reply journeys_page(Desk& desk, const Call& call);

}  // namespace sojourn::sandbox
