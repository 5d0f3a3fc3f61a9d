#include "sandbox/desk.h"

#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/identity.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

std::string member_text(const json& item, const char* name) {
  const auto found = item.find(name);
  return found == item.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

}  // namespace

std::string Named::subject() const {
  return email.empty() ? user_id_subject(user_id) : email_subject(email);
}

Named named_in(const json& item, const char* email_member, const char* user_id_member) {
  return {member_text(item, email_member), member_text(item, user_id_member)};
}

NameFault fault_of(const json& item, const char* email_member, const char* user_id_member) {
  const bool has_email = item.contains(email_member);
  const bool has_user_id = item.contains(user_id_member);
  if (!has_email && !has_user_id) return NameFault::kNobody;
  const Named named = named_in(item, email_member, user_id_member);
  if (has_email && !valid_email(named.email)) return NameFault::kEmail;
  if (has_user_id && !valid_user_id(named.user_id)) return NameFault::kUserId;
  return NameFault::kNone;
}

Reply name_refused(NameFault fault, const Named& named) {
  if (fault == NameFault::kEmail) return invalid_email(named.email);
  if (fault == NameFault::kUserId) return invalid_user_id(named.user_id);
  return no_user();
}

const json& data_fields(const json& item) {
  static const json kNone = json::object();
  const auto found = item.find("dataFields");
  return found == item.end() ? kNone : *found;
}

}  // namespace sojourn::sandbox
