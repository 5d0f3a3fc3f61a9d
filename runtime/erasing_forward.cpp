#include "runtime/erasing_forward.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "runtime/consent_forward.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kByEmail = "/api/users/{email}";
constexpr std::string_view kByUserId = "/api/users/byUserId/{userId}";

}  // namespace

bool is_delete(std::string_view path) {
  return path == kByEmail || path == kByUserId;
}

bool is_erasing(std::string_view path) {
  return is_delete(path) || path == "/api/users/forget" || path == "/api/users/unforget";
}

IntakeForward delete_forward(const Person& person) {
  if (person.email) return {std::string(kByEmail), Json{{"email", *person.email}}.dump()};
  return {std::string(kByUserId), Json{{"userId", person.user_id.value_or("")}}.dump()};
}

std::optional<IntakeForward> forget_forward(const Person& person,
                                            connectors::ProjectIdentity identity) {
  const connectors::Recipient who{person.email.value_or(""), person.user_id.value_or(""), identity};
  if (who.address().empty()) return std::nullopt;
  connectors::HttpRequest request = connectors::iterable::users_forget({who, true});
  return IntakeForward{std::move(request.path), std::move(request.body)};
}

connectors::HttpRequest forwarded_request(const std::string& path, const std::string& body) {
  if (is_consent(path)) return consent_request(path, body);
  if (!is_delete(path)) return {"POST", path, body};
  const Json json = Json::parse(body, nullptr, false);
  SOJOURN_CHECK(json.is_object(), "what goes on is kept as it was made");
  connectors::iterable::DeleteCommand command;
  command.user = {json.value("email", ""), json.value("userId", "")};
  return connectors::iterable::users_delete(command);
}

DeliveryRecord hollow(const DeliveryRecord& under_way) {
  DeliveryRecord record;
  record.kind = DeliveryRecord::Kind::kForward;
  record.attempts = under_way.attempts;
  record.planned_at = under_way.planned_at;
  record.planned_by = under_way.planned_by;
  record.place = under_way.place;
  return record;
}

bool is_hollow(const DeliveryRecord& forward) {
  return forward.subject.empty();
}

}  // namespace sojourn::runtime
