// Lists and subscriptions. A profile knows them as Iterable's does, by the ids in
// `emailListIds`, `subscribedMessageTypeIds`, `unsubscribedMessageTypeIds` and
// `unsubscribedChannelIds`.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/calls.h"
#include "sandbox/identity.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kLists = "emailListIds";
constexpr const char* kSubscribed = "subscribedMessageTypeIds";
constexpr const char* kChannels = "unsubscribedChannelIds";
constexpr const char* kUnsubscribed = "unsubscribedMessageTypeIds";

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
    if (!desk.profiles.update(update, call.topic(), call.now)) return database_error();
    answer.succeeded();
  }
  return answer.reply();
}

// The fields of a profile that say whether somebody of `user` is in a group, after a change of it;
// nothing for a group that there is not.
std::optional<json> changed_fields(const json& user, std::string_view group, std::int64_t id,
                                   bool subscribe) {
  const std::string kind = base::lower_ascii(group);
  json fields;
  if (kind == "emaillist") {
    fields[kLists] = with_id(ids_of(user, kLists), id, subscribe);
  } else if (kind == "messagetype") {
    fields[kSubscribed] = with_id(ids_of(user, kSubscribed), id, subscribe);
    fields[kUnsubscribed] = with_id(ids_of(user, kUnsubscribed), id, !subscribe);
  } else if (kind == "messagechannel") {
    fields[kChannels] = with_id(ids_of(user, kChannels), id, !subscribe);
  } else {
    return std::nullopt;
  }
  return fields;
}

// The path has the group's kind, its id, and the user's name.
Reply change_subscription(Desk& desk, const Call& call, bool subscribe) {
  const std::string& name = call.names.at(2);
  const bool by_email = call.path.find("/user/") != std::string_view::npos;
  const Named named{by_email ? name : "", by_email ? "" : name};
  if (by_email && !valid_email(name)) return invalid_email(name);
  if (!by_email && !valid_user_id(name)) return invalid_user_id(name);
  const auto id = whole_number(call.names.at(1));
  if (!id) return bad_member("subscriptionGroupId");
  const auto user = desk.profiles.find(named.subject());
  if (!user) return database_error();
  auto fields = changed_fields(*user, call.names.at(0), *id, subscribe);
  if (!fields) return bad_member("subscriptionGroup");
  const std::string_view topic =
      subscribe ? "subscriptions/subscribe" : "subscriptions/unsubscribe";
  if (!desk.profiles.update(update_of(named, std::move(*fields)), topic, call.now)) {
    return database_error();
  }
  return envelope(202, "Success", "");
}

}  // namespace

Reply join_list(Desk& desk, const Call& call) {
  return change_list(desk, call, true);
}

Reply leave_list(Desk& desk, const Call& call) {
  return change_list(desk, call, false);
}

Reply subscribe_user(Desk& desk, const Call& call) {
  return change_subscription(desk, call, true);
}

Reply unsubscribe_user(Desk& desk, const Call& call) {
  return change_subscription(desk, call, false);
}

// Nobody answers the question here: the profile stays as it is.
Reply double_opt_in(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(call.body, "email", "userId");
  const Named named = named_in(call.body, "email", "userId");
  if (fault != NameFault::kNone) return name_refused(fault, named);
  const json update = update_of(named, json::object());
  if (!desk.profiles.update(update, call.topic(), call.now)) return database_error();
  return {.status = 202, .body = "Accepted", .content_type = "text/plain"};
}

}  // namespace sojourn::sandbox
