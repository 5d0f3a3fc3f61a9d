#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/calls.h"
#include "sandbox/identity.h"
#include "sandbox/names.h"
#include "sandbox/user_data.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

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
  if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, call.body), 409);
  const DataFault data = fault_of_data(desk, call.body);
  if (data != DataFault::kNone) return data_refused(desk, data, call.body);
  if (!take_data(desk, call.body, call.topic(), call.now)) return database_error();
  return success("User successfully created/updated.");
}

Reply bulk_update(Desk& desk, const Call& call) {
  BulkAnswer answer(BulkAnswer::Kind::kUsers);
  for (const json& item : call.body.at("users")) {
    const Named named = named_in(desk, item);
    const NameFault fault = fault_of(desk, item, {}, unknown_in(item));
    if (fault != NameFault::kNone) {
      if (!name_failed(answer, fault, named)) return name_refused(fault, named);
      continue;
    }
    const DataFault data = fault_of_data(desk, item);
    if (data != DataFault::kNone) {
      if (!data_failed(answer, data, named)) return data_refused(desk, data, item);
      continue;
    }
    if (!take_data(desk, item, call.topic(), call.now)) return database_error();
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
  json fields = desk.field_types.listed(FieldTypes::kUsers);
  // Lists stand in one of the two.
  fields.erase(desk.project.type() == ProjectType::kEmail ? "userListIds" : "emailListIds");
  const json body{{"fields", std::move(fields)}};
  return {.body = body.dump()};
}

}  // namespace sojourn::sandbox
