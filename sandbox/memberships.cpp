// Lists and subscriptions. A profile knows them as Iterable's does, by the ids in
// `emailListIds`, `subscribedMessageTypeIds` and `unsubscribedMessageTypeIds`.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/desk.h"
#include "sandbox/identity.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kLists = "emailListIds";
constexpr const char* kSubscribed = "subscribedMessageTypeIds";
constexpr const char* kUnsubscribed = "unsubscribedMessageTypeIds";

std::string_view topic_of(std::string_view path) {
  return path.substr(std::string_view("/api/").size());
}

json ids_of(const json& user, const char* field) {
  const json fields = user.is_object() ? user.value("dataFields", json::object()) : json::object();
  return fields.value(field, json::array());
}

// The ids with `id` at their end, or without it.
json with_id(json ids, std::int64_t id, bool present) {
  ids.erase(std::remove(ids.begin(), ids.end(), json(id)), ids.end());
  if (present) ids.push_back(id);
  return ids;
}

json update_of(const Named& named, json fields) {
  json item{{"dataFields", std::move(fields)}};
  if (named.email.empty()) {
    item["userId"] = named.user_id;
  } else {
    item["email"] = named.email;
  }
  return item;
}

Reply change_list(Desk& desk, const Call& call, bool joins) {
  BulkAnswer answer(BulkAnswer::Kind::kUsers);
  const std::int64_t list = call.body.at("listId");
  for (const json& item : call.body.at("subscribers")) {
    const Named named = named_in(item, "email", "userId");
    const NameFault fault = fault_of(item, "email", "userId");
    if (fault == NameFault::kNobody) return no_user();
    if (fault != NameFault::kNone) {
      const bool email = fault == NameFault::kEmail;
      answer.failed(email ? "invalidEmails" : "invalidUserIds",
                    email ? named.email : named.user_id);
      continue;
    }
    const auto user = desk.profiles.find(named.subject());
    if (!user) return database_error();
    const json lists = ids_of(*user, kLists);
    const bool is_on = std::find(lists.begin(), lists.end(), json(list)) != lists.end();
    if (!joins && !is_on) {
      answer.failed(named.email.empty() ? "notFoundUserIds" : "notFoundEmails",
                    named.email.empty() ? named.user_id : named.email);
      continue;
    }
    json fields = joins ? data_fields(item) : json::object();
    fields[kLists] = with_id(lists, list, joins);
    const json update = update_of(named, std::move(fields));
    if (!desk.profiles.update(update, topic_of(call.path), call.now)) return database_error();
    answer.succeeded();
  }
  return answer.reply();
}

// The last parts of `/api/subscriptions/messageType/ID/user/EMAIL` and `…/byUserId/USER`.
struct Subscription {
  std::int64_t message_type = 0;
  Named named;
};
std::optional<Subscription> parse(std::string_view path) {
  path.remove_prefix(kSubscriptionPath.size());
  Subscription out;
  const char* end = path.data() + path.size();
  const auto [rest, error] = std::from_chars(path.data(), end, out.message_type);
  path = std::string_view(rest, static_cast<std::size_t>(end - rest));
  constexpr std::string_view kUser = "/user/";
  constexpr std::string_view kByUserId = "/byUserId/";
  const bool by_email = path.starts_with(kUser);
  if (error != std::errc{} || (!by_email && !path.starts_with(kByUserId))) return std::nullopt;
  const auto name = base::percent_decoded(path.substr(by_email ? kUser.size() : kByUserId.size()));
  if (!name) return std::nullopt;
  (by_email ? out.named.email : out.named.user_id) = *name;
  return out;
}

}  // namespace

Reply join_list(Desk& desk, const Call& call) {
  return change_list(desk, call, true);
}

Reply leave_list(Desk& desk, const Call& call) {
  return change_list(desk, call, false);
}

Reply change_subscription(Desk& desk, std::string_view path, bool subscribe, base::Instant now) {
  const auto asked = parse(path);
  if (!asked) return not_found();
  const Named& named = asked->named;
  if (named.user_id.empty() && !valid_email(named.email)) return invalid_email(named.email);
  if (named.email.empty() && !valid_user_id(named.user_id)) return invalid_user_id(named.user_id);
  const auto user = desk.profiles.find(named.subject());
  if (!user) return database_error();
  const std::int64_t id = asked->message_type;
  json fields;
  fields[kSubscribed] = with_id(ids_of(*user, kSubscribed), id, subscribe);
  fields[kUnsubscribed] = with_id(ids_of(*user, kUnsubscribed), id, !subscribe);
  const std::string_view topic =
      subscribe ? "subscriptions/subscribe" : "subscriptions/unsubscribe";
  if (!desk.profiles.update(update_of(named, std::move(fields)), topic, now)) {
    return database_error();
  }
  return envelope(202, "Success", "");
}

// Nobody answers the question here: the profile stays as it is.
Reply double_opt_in(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(call.body, "email", "userId");
  const Named named = named_in(call.body, "email", "userId");
  if (fault != NameFault::kNone) return name_refused(fault, named);
  const json update = update_of(named, json::object());
  if (!desk.profiles.update(update, topic_of(call.path), call.now)) return database_error();
  return {.status = 202, .body = "Accepted", .content_type = "text/plain"};
}

}  // namespace sojourn::sandbox
