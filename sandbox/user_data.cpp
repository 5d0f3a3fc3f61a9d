#include "sandbox/user_data.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/desk.h"
#include "sandbox/identity.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// Empty where the data give no such name. Its type has been looked at.
std::string new_name(const json& item, const char* member) {
  const json& fields = data_fields(item);
  const auto found = fields.find(member);
  return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

DataFault fault_of_new_names(Desk& desk, const json& item) {
  const std::string user_id = new_name(item, "userId");
  if (!user_id.empty() && !valid_user_id(user_id)) return DataFault::kUserId;
  if (!user_id.empty() && desk.profiles.forgotten(user_id_subject(user_id))) {
    return DataFault::kForgotten;
  }
  // A project of emails does not look at an email among the data.
  if (desk.project.type() == ProjectType::kEmail) return DataFault::kNone;
  const std::string email = new_name(item, "email");
  if (!email.empty() && !valid_email(email)) return DataFault::kEmail;
  if (!email.empty() && desk.profiles.forgotten(email_subject(email))) {
    return DataFault::kForgotten;
  }
  const auto clash = desk.profiles.clash(item);
  if (!clash) return DataFault::kStore;
  if (*clash == Clash::kEmail) return DataFault::kEmailTaken;
  return *clash == Clash::kUserId ? DataFault::kUserIdTaken : DataFault::kNone;
}

Reply wrong_types(const Desk& desk, const json& item) {
  const json params = {
      {"validationErrors", desk.field_types.mismatches(FieldTypes::kUsers, data_fields(item))}};
  return envelope(
      400, "RequestFieldsTypesMismatched",
      fmt::format(
          "Project {}: The request does not have the same data types as the project's fields",
          desk.project.id()),
      params.dump());
}

}  // namespace

DataFault fault_of_data(Desk& desk, const json& item) {
  const json& fields = data_fields(item);
  if (!desk.field_types.mismatches(FieldTypes::kUsers, fields).empty()) return DataFault::kTypes;
  if (desk.field_types.too_many(FieldTypes::kUsers, fields)) return DataFault::kTooMany;
  return fault_of_new_names(desk, item);
}

Reply data_refused(const Desk& desk, DataFault fault, const json& item) {
  switch (fault) {
    case DataFault::kTypes:
      return wrong_types(desk, item);
    case DataFault::kTooMany:
      return envelope(400, "UniqueFieldsLimitExceeded", "The project has too many user fields");
    case DataFault::kEmail:
      return invalid_email(new_name(item, "email"));
    case DataFault::kUserId:
      return invalid_user_id(new_name(item, "userId"));
    case DataFault::kForgotten:
      return envelope(409, "ForgottenUserError", "The new name is that of a forgotten user");
    case DataFault::kEmailTaken:
      return envelope(409, "EmailAlreadyExists", "The email is that of another user");
    case DataFault::kUserIdTaken:
      return envelope(409, "UserIdAlreadyExists", "The userId is that of another user");
    default:
      return database_error();
  }
}

bool data_failed(BulkAnswer& answer, DataFault fault, const Named& named) {
  if (fault == DataFault::kStore) return false;
  const bool taken = fault == DataFault::kEmailTaken || fault == DataFault::kUserIdTaken;
  const bool forgotten = fault == DataFault::kForgotten;
  if (named.by_email()) {
    answer.failed(taken       ? "conflictEmails"
                  : forgotten ? "forgottenEmails"
                              : "invalidDataEmails",
                  named.shown());
  } else {
    answer.failed(taken       ? "conflictUserIds"
                  : forgotten ? "forgottenUserIds"
                              : "invalidDataUserIds",
                  named.shown());
  }
  return true;
}

base::Status take_data(Desk& desk, const json& item, std::string_view topic, base::Instant now) {
  const auto learnt =
      desk.field_types.learn(desk.inbox, FieldTypes::kUsers, data_fields(item), now);
  if (!learnt) return learnt;
  return desk.profiles.update(item, topic, now);
}

}  // namespace sojourn::sandbox
