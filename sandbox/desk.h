// What the handlers of the single operations share; private to the service.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "sandbox/exchange.h"
#include "sandbox/field_types.h"
#include "sandbox/inbox.h"
#include "sandbox/iterable_service.h"
#include "sandbox/profiles.h"
#include "sandbox/schemas.h"

namespace sojourn::sandbox {

struct Desk {
  Inbox& inbox;
  ServiceOptions options;
  FieldTypes field_types;
  Profiles profiles;
};

// A request whose body is JSON and has been held against its schema. What is wrong
// with a whole body has been answered already; what is left concerns the names of
// users, which the bulk operations answer item by item.
struct Call {
  std::string_view path;
  std::string_view text;  // the body as it came
  const nlohmann::json& body;
  base::Instant now;
};

Reply target(Desk& desk, const Call& call);        // POST /api/*/target
Reply users_update(Desk& desk, const Call& call);  // POST /api/users/update
Reply bulk_update(Desk& desk, const Call& call);   // POST /api/users/bulkUpdate
Reply track(Desk& desk, const Call& call);         // POST /api/events/track
Reply track_bulk(Desk& desk, const Call& call);    // POST /api/events/trackBulk
Reply join_list(Desk& desk, const Call& call);     // POST /api/lists/subscribe
Reply leave_list(Desk& desk, const Call& call);    // POST /api/lists/unsubscribe
// POST /api/subscriptions/subscribeToDoubleOptIn
Reply double_opt_in(Desk& desk, const Call& call);
// PATCH and DELETE of kSubscriptionPath and behind it {id}/user/{email} or
// {id}/byUserId/{userId}; `path` is still percent-encoded.
Reply change_subscription(Desk& desk, std::string_view path, bool subscribe, base::Instant now);
inline constexpr std::string_view kSubscriptionPath = "/api/subscriptions/messageType/";
// GET /api/users/{email} and /api/users/byUserId/{userId}; `name` is decoded.
Reply user_by_email(Desk& desk, std::string_view name);
Reply user_by_user_id(Desk& desk, std::string_view name);

// GET /api/users/getSentMessages; `query` is still percent-encoded.
Reply sent_messages(Desk& desk, std::string_view query, base::Instant now);
inline constexpr std::string_view kSentMessagesPath = "/api/users/getSentMessages";

// The user that an object names.
struct Named {
  std::string email;
  std::string user_id;

  std::string subject() const;  // by the email if there is one
};
Named named_in(const nlohmann::json& item, const char* email_member, const char* user_id_member);

// The two names' forms. Email and userId are judged separately, since bulk
// answers list them apart.
enum class NameFault { kNone, kEmail, kUserId, kNobody };
NameFault fault_of(const nlohmann::json& item, const char* email_member,
                   const char* user_id_member);
// What a single-user call answers for it.
Reply name_refused(NameFault fault, const Named& named);

// The `dataFields` of an item; an empty object without any.
const nlohmann::json& data_fields(const nlohmann::json& item);

}  // namespace sojourn::sandbox
