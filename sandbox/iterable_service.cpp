#include "sandbox/iterable_service.h"

#include <algorithm>
#include <fmt/core.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "sandbox/answers.h"
#include "sandbox/desk.h"
#include "sandbox/guarded.h"
#include "sandbox/memberships.h"
#include "sandbox/page.h"
#include "sandbox/rate_limits.h"
#include "sandbox/routes.h"
#include "sandbox/schemas.h"
#include "sandbox/send_policy.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 64;
constexpr std::uint64_t kLargestNumber = std::numeric_limits<std::int64_t>::max();

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

Reply over_limit(const RateLimit& limit, std::string_view path, std::int64_t project) {
  const std::string_view unit = limit.per == base::seconds(1)   ? "second"
                                : limit.per == base::minutes(1) ? "minute"
                                                                : "day";
  return envelope(429, "RateLimitExceeded",
                  fmt::format("Exceeded rate limit of {}.0 per {} for endpoint: {}, project: {} ",
                              limit.requests, unit, path, project),
                  "{}");
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

// Iterable's whole numbers have 63 bits and a sign. A larger one is none, and so no id and no time.
void widen(json& value) {
  if (value.is_structured()) {
    for (json& one : value) widen(one);
  } else if (value.is_number_unsigned() && value.get<std::uint64_t>() > kLargestNumber) {
    value = value.get<double>();
  }
}

}  // namespace

struct IterableService::Parts {
  explicit Parts(Desk all) : desk(std::move(all)) {}

  Desk desk;
  RateLimiter limiter;
  Schemas schemas;
  simdjson::dom::parser parser;

  // What is wrong with a body, in the answer that Iterable gives; nothing for a good one.
  std::optional<Reply> refused(const Request& request, const Route& route, nlohmann::json& body);
};

IterableService::IterableService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
IterableService::~IterableService() = default;

base::Result<std::unique_ptr<IterableService>> IterableService::make(Inbox& inbox,
                                                                     ServiceOptions options) {
  auto project = options.project ? Project::parse(*options.project, options.project_name)
                                 : base::Result<Project>(Project::small());
  if (!project) return tl::unexpected(project.error());
  if (auto loaded = project->load(inbox); !loaded) return tl::unexpected(loaded.error());
  auto types = FieldTypes::load(inbox);
  if (!types) return tl::unexpected(types.error());
  for (const auto& [name, type] : project->user_fields()) {
    types->declare(FieldTypes::kUsers, name, *field_type_of(type));
  }
  auto profiles = Profiles::load(inbox, options.read_lag, project->type());
  if (!profiles) return tl::unexpected(profiles.error());
  auto sends = Sends::load(inbox);
  if (!sends) return tl::unexpected(sends.error());
  auto catalogs = Catalogs::load(*project, inbox);
  if (!catalogs) return tl::unexpected(catalogs.error());
  auto parts = std::make_unique<Parts>(Desk{inbox, std::move(options), std::move(*project),
                                            std::move(*types), std::move(*profiles),
                                            std::move(*sends), std::move(*catalogs)});
  return std::unique_ptr<IterableService>(new IterableService(std::move(parts)));
}

std::optional<Reply> IterableService::Parts::refused(const Request& request, const Route& route,
                                                     json& body) {
  if (!schemas.known(route.method, route.pattern)) return std::nullopt;
  if (!well_formed(parser, request.body)) return bad_json(request.path, {}, {});
  body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return bad_json(request.path, {}, {});
  widen(body);
  for (const Problem& problem : schemas.check(route.method, route.pattern, body)) {
    if (!about_a_name(problem)) return bad_json(request.path, problem.path, problem.words);
  }
  return std::nullopt;
}

Reply IterableService::handle(const Request& request, base::Instant now) {
  return guarded([&] { return answered(request, now); });
}

Reply IterableService::answered(const Request& request, base::Instant now) {
  std::vector<std::string> names;
  const Route* route = find_route(request.method, request.path, names);
  if (route == nullptr) return not_found();
  const auto& key = parts_->desk.options.api_key;
  const bool key_fits = key ? request.api_key == *key : !request.api_key.empty();
  if (!key_fits) return bad_api_key(request.path);
  if (!send_due(parts_->desk, now)) return database_error();
  if (parts_->desk.options.rate_limits) {
    const RateLimit* limit = parts_->limiter.take(route->method, route->pattern, now);
    if (limit != nullptr) return over_limit(*limit, request.path, parts_->desk.project.id());
  }
  json body;
  if (auto refusal = parts_->refused(request, *route, body)) return *refusal;
  return route->handler(
      parts_->desk, Call{request.path, std::move(names), request.query, request.body, body, now});
}

base::Status IterableService::advance(base::Instant now) {
  return send_due(parts_->desk, now);
}

std::vector<SentMessage> IterableService::take_sent() {
  return std::exchange(parts_->desk.sent, {});
}

std::vector<std::int64_t> IterableService::email_channels() const {
  std::vector<std::int64_t> out;
  for (const auto& [id, row] : parts_->desk.project.rows(ProjectTable::kChannels)) {
    if (row.at("messageMedium") == "Email") out.push_back(id);
  }
  return out;
}

std::int64_t IterableService::project_id() const {
  return parts_->desk.project.id();
}

base::Status IterableService::happened(const SentMessage& message, Happening::Kind kind,
                                       base::Instant at) {
  std::vector<std::int64_t> channels;
  if (kind == Happening::Kind::kBounceUnsubscribe) channels = email_channels();
  if (kind == Happening::Kind::kUnsubscribe && message.campaign.channel) {
    channels.push_back(*message.campaign.channel);
  }
  if (channels.empty()) return {};
  const Named named{message.email, message.user_id,
                    parts_->desk.project.type() == ProjectType::kUserId};
  const auto user = parts_->desk.profiles.find(named.subject());
  if (!user) return tl::unexpected(user.error());
  json ids = ids_of(*user, kUnsubscribedChannels);
  for (const std::int64_t channel : channels) ids = with_id(std::move(ids), channel, true);
  const json update = update_of(named, {{kUnsubscribedChannels, std::move(ids)}});
  return parts_->desk.profiles.update(update, "unsubscribed by a message", at);
}

Reply IterableService::show(std::string_view query) {
  return guarded([&] { return page(parts_->desk, query); });
}

}  // namespace sojourn::sandbox
