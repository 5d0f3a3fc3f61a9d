#include "sandbox/names.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/desk.h"
#include "sandbox/identity.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

std::string member_text(const json& item, const char* name) {
  const auto found = item.find(name);
  return found == item.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

// Whether a call that may come from an unknown user makes them.
bool makes(const Desk& desk, const Named& named, Unknown unknown) {
  if (desk.project.open()) return true;
  if (desk.project.type() != ProjectType::kEmail) return true;
  if (unknown == Unknown::kRefused) return false;
  return named.by_email() || unknown == Unknown::kMadeByAny;
}

}  // namespace

std::string Named::subject() const {
  return by_email() ? email_subject(email) : user_id_subject(user_id);
}

Named named_in(const Desk& desk, const json& item, NameMembers members) {
  return {member_text(item, members.email), member_text(item, members.user_id),
          desk.project.type() == ProjectType::kUserId};
}

Unknown unknown_in(const json& item) {
  return item.value("preferUserId", false) ? Unknown::kMadeByAny : Unknown::kMade;
}

NameFault fault_of(Desk& desk, const json& item, NameMembers members, Unknown unknown) {
  const bool has_email = item.contains(members.email);
  const bool has_user_id = item.contains(members.user_id);
  const bool by_user_id = desk.project.type() == ProjectType::kUserId;
  if (!has_user_id && (!has_email || by_user_id)) return NameFault::kNobody;
  const Named named = named_in(desk, item, members);
  if (has_email && !valid_email(named.email)) return NameFault::kEmail;
  if (has_user_id && !valid_user_id(named.user_id)) return NameFault::kUserId;
  if (desk.profiles.forgotten(named.subject())) return NameFault::kForgotten;
  if (makes(desk, named, unknown)) return NameFault::kNone;
  const auto there = desk.profiles.exists(named.subject());
  if (!there) return NameFault::kStore;
  return *there ? NameFault::kNone : NameFault::kUnknown;
}

Reply name_refused(NameFault fault, const Named& named, int forgotten) {
  const bool by_email = named.by_email();
  switch (fault) {
    case NameFault::kEmail:
      return invalid_email(named.email);
    case NameFault::kUserId:
      return invalid_user_id(named.user_id);
    case NameFault::kForgotten:
      return envelope(forgotten, "ForgottenUserError",
                      fmt::format("User {} has been forgotten", named.shown()));
    case NameFault::kUnknown:
      return envelope(
          400, by_email ? "UnknownEmailError" : "UnknownUserIdError",
          fmt::format("User does not exist. Email: {} UserId: {}", named.email, named.user_id));
    case NameFault::kStore:
      return database_error();
    default:
      return no_user();
  }
}

bool name_failed(BulkAnswer& answer, NameFault fault, const Named& named) {
  const bool by_email = named.by_email();
  switch (fault) {
    case NameFault::kEmail:
      answer.failed("invalidEmails", named.email);
      return true;
    case NameFault::kUserId:
      answer.failed("invalidUserIds", named.user_id);
      return true;
    case NameFault::kForgotten:
      answer.failed(by_email ? "forgottenEmails" : "forgottenUserIds", named.shown());
      return true;
    case NameFault::kUnknown:
      answer.failed(by_email ? "notFoundEmails" : "notFoundUserIds", named.shown());
      return true;
    default:
      return false;
  }
}

}  // namespace sojourn::sandbox
