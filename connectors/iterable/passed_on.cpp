#include "connectors/iterable/passed_on.h"

#include <algorithm>
#include <array>
#include <simdjson.h>

namespace sojourn::connectors::iterable {
namespace {

struct Path {
  std::string_view path;
  Endpoint endpoint;
  // The same only with an `id` in its body: what has the same one is the same.
  bool by_id = false;
};
constexpr auto kPaths = std::to_array<Path>({
    {"/api/events/track", Endpoint::kRepeat, true},
    {"/api/commerce/trackPurchase", Endpoint::kRepeat, true},
    {"/api/commerce/updateCart", Endpoint::kRepeat},
    {"/api/users/update", Endpoint::kRepeat},
    {"/api/users/updateSubscriptions", Endpoint::kRepeat},
    {"/api/lists/subscribe", Endpoint::kJoinList},
    {"/api/lists/unsubscribe", Endpoint::kLeaveList},
    {"/api/users/forget", Endpoint::kTakeAway},
    {"/api/users/unforget", Endpoint::kTakeAway},
    // Of a DELETE, whose path has the name of its user.
    {"/api/users/{email}", Endpoint::kTakeAway},
    {"/api/users/byUserId/{userId}", Endpoint::kTakeAway},
});

bool has_id(std::string_view body) {
  const simdjson::padded_string padded(body);
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  std::string_view id;
  return !parser.parse(padded).get_object().get(root) && !root["id"].get(id) && !id.empty();
}

}  // namespace

Endpoint passed_on(std::string_view path, std::string_view body) {
  for (const std::string_view change :
       {"PATCH /api/subscriptions/", "DELETE /api/subscriptions/"}) {
    if (path.starts_with(change)) return Endpoint::kRepeat;
  }
  const auto* found = std::ranges::find(kPaths, path, &Path::path);
  if (found == kPaths.end() || (found->by_id && !has_id(body))) return Endpoint::kSend;
  return found->endpoint;
}

bool refuses_repeat(std::string_view path) {
  return path == "/api/users/merge" || path == "/api/users/updateEmail";
}

}  // namespace sojourn::connectors::iterable
