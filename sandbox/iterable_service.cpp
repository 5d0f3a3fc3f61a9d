#include "sandbox/iterable_service.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/desk.h"
#include "sandbox/media.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 64;

struct Route {
  std::string_view path;
  Reply (*handler)(Desk&, const Call&);
};
constexpr auto kRoutes = std::to_array<Route>({
    {"/api/users/update", users_update},
    {"/api/users/bulkUpdate", bulk_update},
    {"/api/events/track", track},
    {"/api/events/trackBulk", track_bulk},
    {"/api/lists/subscribe", join_list},
    {"/api/lists/unsubscribe", leave_list},
    {"/api/subscriptions/subscribeToDoubleOptIn", double_opt_in},
});

Reply (*handler_of(std::string_view path))(Desk&, const Call&) {
  if (!medium_of(path).empty()) return target;
  for (const Route& route : kRoutes) {
    if (route.path == path) return route.handler;
  }
  return nullptr;
}

// What the schema says about the names of users is said again, and with the
// right answer, by whoever handles the request.
bool about_a_name(const Problem& problem) {
  const std::size_t dot = problem.path.rfind('.');
  const std::string_view member =
      std::string_view(problem.path).substr(dot == std::string::npos ? 0 : dot + 1);
  const bool name = member == "email" || member == "userId" || member == "recipientEmail" ||
                    member == "recipientUserId";
  return problem.kind == Problem::Kind::kNoUser || (problem.kind == Problem::Kind::kForm && name);
}

// simdjson judges what comes from outside: form, encoding, depth.
bool well_formed(simdjson::dom::parser& parser, std::string_view body) {
  const std::size_t size = std::max<std::size_t>(body.size(), 1);
  if ((parser.capacity() < size || parser.max_depth() != kMaxDepth) &&
      parser.allocate(size, kMaxDepth)) {
    return false;
  }
  simdjson::dom::element document;
  return !parser.parse(body.data(), body.size()).get(document);
}

}  // namespace

struct IterableService::Parts {
  explicit Parts(Desk all) : desk(std::move(all)) {}

  Desk desk;
  Schemas schemas;
  simdjson::dom::parser parser;

  Reply post(const Request& request, base::Instant now);
  Reply get(const Request& request, base::Instant now);
};

IterableService::IterableService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
IterableService::~IterableService() = default;

base::Result<std::unique_ptr<IterableService>> IterableService::make(Inbox& inbox,
                                                                     ServiceOptions options) {
  auto types = FieldTypes::load(inbox);
  if (!types) return tl::unexpected(types.error());
  auto parts =
      std::make_unique<Parts>(Desk{inbox, std::move(options), std::move(*types), Profiles(inbox)});
  return std::unique_ptr<IterableService>(new IterableService(std::move(parts)));
}

Reply IterableService::Parts::post(const Request& request, base::Instant now) {
  if (!well_formed(parser, request.body)) return bad_json(request.path, {}, {});
  const json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return bad_json(request.path, {}, {});
  for (const Problem& problem : schemas.check(request.path, body)) {
    if (!about_a_name(problem)) return bad_json(request.path, problem.path, problem.words);
  }
  return handler_of(request.path)(desk, Call{request.path, request.body, body, now});
}

Reply IterableService::Parts::get(const Request& request, base::Instant now) {
  if (request.path == kSentMessagesPath) return sent_messages(desk, request.query, now);
  constexpr std::string_view kUsers = "/api/users/";
  constexpr std::string_view kByUserId = "byUserId/";
  const auto name = base::percent_decoded(request.path.substr(kUsers.size()));
  if (!name) return not_found();
  if (name->starts_with(kByUserId)) {
    return user_by_user_id(desk, std::string_view(*name).substr(kByUserId.size()));
  }
  return user_by_email(desk, *name);
}

Reply IterableService::handle(const Request& request, base::Instant now) {
  const bool post = request.method == "POST" && handler_of(request.path) != nullptr;
  const bool get = request.method == "GET" && request.path.starts_with("/api/users/");
  const bool subscribe = request.method == "PATCH";
  const bool change =
      (subscribe || request.method == "DELETE") && request.path.starts_with(kSubscriptionPath);
  if (!post && !get && !change) return not_found();
  const auto& key = parts_->desk.options.api_key;
  const bool key_fits = key ? request.api_key == *key : !request.api_key.empty();
  if (!key_fits) return bad_api_key(request.path);
  if (change) return change_subscription(parts_->desk, request.path, subscribe, now);
  return post ? parts_->post(request, now) : parts_->get(request, now);
}

}  // namespace sojourn::sandbox
