// Whom a request is about: the names it gives, and why one of them will not do. Private to the
// service; one thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "sandbox/exchange.h"

namespace sojourn::sandbox {

class BulkAnswer;
struct Desk;

// The user that an object names.
struct Named {
  std::string email;
  std::string user_id;
  bool user_id_decides = false;  // in a project of userIds, where an email is a field like others

  bool by_email() const { return !email.empty() && !user_id_decides; }
  std::string subject() const;
  const std::string& shown() const { return by_email() ? email : user_id; }
};

// The two members of an object that may name a user.
struct NameMembers {
  const char* email = "email";
  const char* user_id = "userId";
};
inline constexpr NameMembers kRecipient{"recipientEmail", "recipientUserId"};

Named named_in(const Desk& desk, const nlohmann::json& item, NameMembers members = {});

enum class NameFault {
  kNone,
  kNobody,     // no name that this type of project goes by
  kEmail,      // not an address
  kUserId,     // not an id
  kForgotten,  // a user whom the project must forget
  kUnknown,    // a user who is not there, and whom this call does not make
  kStore,      // it cannot be found out
};

// What a call does with a user who is not there. In an open project everybody is.
enum class Unknown {
  kMade,       // made, by an email of a project of emails only if there is no other way
  kMadeByAny,  // made by either name: `preferUserId`
  kRefused,
};

NameFault fault_of(Desk& desk, const nlohmann::json& item, NameMembers members = {},
                   Unknown unknown = Unknown::kMade);
// What an item's own word says: `preferUserId`.
Unknown unknown_in(const nlohmann::json& item);

// What a call about one user answers; `forgotten` is the status where the user is to be forgotten.
Reply name_refused(NameFault fault, const Named& named, int forgotten = 400);

// The same in an answer about many. False for kNobody and kStore, which end the whole call.
bool name_failed(BulkAnswer& answer, NameFault fault, const Named& named);

}  // namespace sojourn::sandbox
