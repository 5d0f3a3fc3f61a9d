#include "runtime/consent_forward.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/percent.h"

namespace sojourn::runtime {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSubscribe = "PATCH /api/subscriptions/";
constexpr std::string_view kUnsubscribe = "DELETE /api/subscriptions/";

}  // namespace

IntakeForward consent_forward(std::string_view group, std::int64_t id, bool subscribes,
                              const Person& person) {
  const Json user =
      person.email ? Json{{"email", *person.email}} : Json{{"userId", person.user_id.value_or("")}};
  return {fmt::format("{}{}/{}", subscribes ? kSubscribe : kUnsubscribe, group, id), user.dump()};
}

bool is_consent(std::string_view subject) {
  return subject.starts_with(kSubscribe) || subject.starts_with(kUnsubscribe);
}

connectors::HttpRequest consent_request(const std::string& subject, const std::string& body) {
  const Json user = Json::parse(body, nullptr, false);
  SOJOURN_CHECK(user.is_object(), "what goes on is kept as it was made");
  const std::size_t space = subject.find(' ');
  const bool by_email = user.contains("email");
  const std::string name = user.value(by_email ? "email" : "userId", "");
  return {subject.substr(0, space),
          fmt::format("{}/{}/{}", subject.substr(space + 1), by_email ? "user" : "byUserId",
                      base::percent_encoded(name)),
          {}};
}

}  // namespace sojourn::runtime
