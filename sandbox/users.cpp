#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/calls.h"
#include "sandbox/identity.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

Reply wrong_types(const json& mismatches) {
  const json params = {{"validationErrors", mismatches}};
  return envelope(
      400, "RequestFieldsTypesMismatched",
      "Project 1: The request does not have the same data types as the project's fields",
      params.dump());
}

base::Status apply(Desk& desk, const json& item, const Call& call) {
  if (auto learnt =
          desk.field_types.learn(desk.inbox, FieldTypes::kUsers, data_fields(item), call.now);
      !learnt) {
    return learnt;
  }
  return desk.profiles.update(item, call.topic(), call.now);
}

Reply found_user(base::Result<json> user) {
  if (!user) return database_error();
  // A user who was never in an update is answered like this, by either name.
  if (user->is_null()) return {.body = "{}"};
  const json body = {{"user", *user}};
  return {.body = body.dump()};
}

// In the path, or as a member of the query.
std::string name_asked(const Call& call, std::string_view member) {
  if (!call.names.empty()) return call.names.front();
  return base::query_member(call.query, member).value_or("");
}

}  // namespace

Reply users_update(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(desk, call.body, {}, unknown_in(call.body));
  if (fault != NameFault::kNone) return name_refused(fault, named_in(call.body), 409);
  const json& fields = data_fields(call.body);
  const json mismatches = desk.field_types.mismatches(FieldTypes::kUsers, fields);
  if (!mismatches.empty()) return wrong_types(mismatches);
  if (desk.field_types.too_many(FieldTypes::kUsers, fields)) {
    return envelope(400, "UniqueFieldsLimitExceeded", "The project has too many user fields");
  }
  if (!apply(desk, call.body, call)) return database_error();
  return success("User successfully created/updated.");
}

Reply bulk_update(Desk& desk, const Call& call) {
  BulkAnswer answer(BulkAnswer::Kind::kUsers);
  for (const json& item : call.body.at("users")) {
    const Named named = named_in(item);
    const NameFault fault = fault_of(desk, item, {}, unknown_in(item));
    if (fault != NameFault::kNone) {
      if (!name_failed(answer, fault, named)) return name_refused(fault, named);
      continue;
    }
    const json& fields = data_fields(item);
    if (!desk.field_types.mismatches(FieldTypes::kUsers, fields).empty() ||
        desk.field_types.too_many(FieldTypes::kUsers, fields)) {
      answer.failed(named.email.empty() ? "invalidDataUserIds" : "invalidDataEmails",
                    named.shown());
      continue;
    }
    if (!apply(desk, item, call)) return database_error();
    answer.succeeded();
  }
  return answer.reply();
}

Reply user_by_email(Desk& desk, const Call& call) {
  const std::string name = name_asked(call, "email");
  if (!valid_email(name)) return invalid_email(name);
  return found_user(desk.profiles.seen(email_subject(name), call.now));
}

Reply user_by_user_id(Desk& desk, const Call& call) {
  const std::string name = name_asked(call, "userId");
  if (!valid_user_id(name)) return invalid_user_id(name);
  return found_user(desk.profiles.seen(user_id_subject(name), call.now));
}

Reply user_fields(Desk& desk, const Call&) {
  // What every project has, then what this one learnt.
  json fields{{"email", "string"},
              {"userId", "string"},
              {"signupDate", "date"},
              {"signupSource", "string"},
              {"profileUpdatedAt", "date"},
              {"emailListIds", "long"},
              {"subscribedMessageTypeIds", "long"},
              {"unsubscribedMessageTypeIds", "long"},
              {"unsubscribedChannelIds", "long"}};
  fields.update(desk.field_types.listed(FieldTypes::kUsers));
  const json body{{"fields", std::move(fields)}};
  return {.body = body.dump()};
}

}  // namespace sojourn::sandbox
