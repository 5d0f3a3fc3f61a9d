// Subscriptions to message types, channels and lists.
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "base/text.h"
#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/memberships.h"
#include "sandbox/names.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

struct Group {
  std::string_view kind;
  std::int64_t id = 0;
};

// The fields of a profile that say whether somebody of `user` is in a group, after a change of it;
// nothing for a group that there is not.
std::optional<json> changed_fields(const Desk& desk, const json& user, Group group,
                                   bool subscribe) {
  const std::string kind = base::lower_ascii(group.kind);
  const std::int64_t id = group.id;
  json fields;
  if (kind == "emaillist") {
    const char* lists = list_field(desk.project.type());
    fields[lists] = with_id(ids_of(user, lists), id, subscribe);
  } else if (kind == "messagetype") {
    fields[kSubscribedTypes] = with_id(ids_of(user, kSubscribedTypes), id, subscribe);
    fields[kUnsubscribedTypes] = with_id(ids_of(user, kUnsubscribedTypes), id, !subscribe);
  } else if (kind == "messagechannel") {
    fields[kUnsubscribedChannels] = with_id(ids_of(user, kUnsubscribedChannels), id, !subscribe);
  } else {
    return std::nullopt;
  }
  return fields;
}

// Nothing went wrong: 202, since it is applied later.
Reply accepted() {
  return envelope(202, "Success", "");
}

base::Result<bool> change_group(Desk& desk, const Named& named, Group group, bool subscribe,
                                base::Instant now) {
  const auto user = desk.profiles.find(named.subject());
  if (!user) return tl::unexpected(user.error());
  auto fields = changed_fields(desk, *user, group, subscribe);
  if (!fields) return false;
  const std::string_view topic =
      subscribe ? "subscriptions/subscribe" : "subscriptions/unsubscribe";
  const auto kept = desk.profiles.update(update_of(named, std::move(*fields)), topic, now);
  if (!kept) return tl::unexpected(kept.error());
  return true;
}

// The path has the group's kind, its id, and the user's name.
Reply change_subscription(Desk& desk, const Call& call, bool subscribe) {
  const auto id = whole_number(call.names.at(1));
  if (!id) return not_found();
  const bool by_email = call.path.find("/user/") != std::string_view::npos;
  const json item{{by_email ? "email" : "userId", call.names.at(2)}};
  const NameFault fault = fault_of(desk, item);
  if (fault != NameFault::kNone) return name_refused(fault, named_in(desk, item), 409);
  const auto changed =
      change_group(desk, named_in(desk, item), {call.names.at(0), *id}, subscribe, call.now);
  if (!changed) return database_error();
  return *changed ? accepted() : bad_member("subscriptionGroup");
}

// How a call names lists, in a project of every type.
constexpr const char* kGivenLists = "emailListIds";

// What `users/updateSubscriptions` sets: each list that is there replaces what was.
json subscription_fields(const json& item) {
  json fields = json::object();
  for (const char* name :
       {kGivenLists, kUnsubscribedChannels, kUnsubscribedTypes, kSubscribedTypes}) {
    if (item.contains(name) && item.at(name).is_array()) fields[name] = item.at(name);
  }
  return fields;
}

// The ones of a list that the project does not have; an open project has all.
std::optional<std::int64_t> unknown_id(const Desk& desk, const json& fields, const char* name,
                                       ProjectTable table) {
  if (desk.project.open() || !fields.contains(name)) return std::nullopt;
  for (const json& id : fields.at(name)) {
    if (desk.project.find(table, id.get<std::int64_t>()) == nullptr) return id.get<std::int64_t>();
  }
  return std::nullopt;
}

std::optional<Reply> refused_ids(const Desk& desk, const json& fields) {
  constexpr auto kNames = std::to_array<std::pair<const char*, ProjectTable>>(
      {{kGivenLists, ProjectTable::kLists},
       {kUnsubscribedChannels, ProjectTable::kChannels},
       {kUnsubscribedTypes, ProjectTable::kMessageTypes},
       {kSubscribedTypes, ProjectTable::kMessageTypes}});
  for (const auto& [name, table] : kNames) {
    if (const auto id = unknown_id(desk, fields, name, table)) {
      return envelope(400, "BadParams", fmt::format("Invalid value for {}: {}", name, *id));
    }
  }
  return std::nullopt;
}

// The given fields as the profile has them.
base::Status set_subscriptions(Desk& desk, const Call& call, const Named& named, json fields) {
  const std::string_view member = list_field(desk.project.type());
  if (member != kGivenLists && fields.contains(kGivenLists)) {
    fields[member] = fields[kGivenLists];
    fields.erase(kGivenLists);
  }
  return desk.profiles.update(update_of(named, std::move(fields)), call.topic(), call.now);
}

}  // namespace

Reply subscribe_user(Desk& desk, const Call& call) {
  return change_subscription(desk, call, true);
}

Reply unsubscribe_user(Desk& desk, const Call& call) {
  return change_subscription(desk, call, false);
}

Reply update_subscriptions(Desk& desk, const Call& call) {
  const Named named = named_in(desk, call.body);
  const NameFault fault = fault_of(desk, call.body);
  if (fault != NameFault::kNone) return name_refused(fault, named, 409);
  json fields = subscription_fields(call.body);
  if (auto refusal = refused_ids(desk, fields)) return *refusal;
  if (!set_subscriptions(desk, call, named, std::move(fields))) return database_error();
  return success("");
}

// An id that the project does not have is found out too late to be told apart.
Reply bulk_update_subscriptions(Desk& desk, const Call& call) {
  json invalid_emails = json::array();
  json invalid_user_ids = json::array();
  json failed_emails = json::array();
  json failed_user_ids = json::array();
  std::size_t done = 0;
  for (const json& item : call.body.at("updateSubscriptionsRequests")) {
    const Named named = named_in(desk, item);
    const NameFault fault = fault_of(desk, item);
    if (fault == NameFault::kNobody || fault == NameFault::kStore)
      return name_refused(fault, named);
    json fields = subscription_fields(item);
    if (fault == NameFault::kEmail) {
      invalid_emails.push_back(named.email);
    } else if (fault == NameFault::kUserId) {
      invalid_user_ids.push_back(named.user_id);
    } else if (fault != NameFault::kNone || refused_ids(desk, fields)) {
      (named.by_email() ? failed_emails : failed_user_ids).push_back(named.shown());
    } else {
      if (!set_subscriptions(desk, call, named, std::move(fields))) return database_error();
      ++done;
    }
  }
  const std::size_t failed = invalid_emails.size() + invalid_user_ids.size() +
                             failed_emails.size() + failed_user_ids.size();
  const json body{{"successCount", done},
                  {"failCount", failed},
                  {"invalidEmails", std::move(invalid_emails)},
                  {"invalidUserIds", std::move(invalid_user_ids)},
                  {"validEmailFailures", std::move(failed_emails)},
                  {"validUserIdFailures", std::move(failed_user_ids)}};
  return {.body = body.dump()};
}

// Those whose names will not do are passed over: the answer has no place for them.
Reply change_many_subscriptions(Desk& desk, const Call& call) {
  const auto id = whole_number(call.names.at(1));
  if (!id) return not_found();
  const std::string action = base::query_member(call.query, "action").value_or("");
  if (action != "subscribe" && action != "unsubscribe") return bad_member("action");
  constexpr auto kNames = std::to_array<std::pair<const char*, const char*>>(
      {{"users", "email"}, {"usersByUserId", "userId"}});
  for (const auto& [member, as] : kNames) {
    for (const json& name : call.body.value(member, json::array())) {
      const json item{{as, name}};
      if (fault_of(desk, item) != NameFault::kNone) continue;
      const auto changed = change_group(desk, named_in(desk, item), {call.names.at(0), *id},
                                        action == "subscribe", call.now);
      if (!changed) return database_error();
      if (!*changed) return bad_member("subscriptionGroup");
    }
  }
  return accepted();
}

// Nobody answers the question here: the profile stays as it is.
Reply double_opt_in(Desk& desk, const Call& call) {
  const NameFault fault = fault_of(desk, call.body);
  const Named named = named_in(desk, call.body);
  if (fault != NameFault::kNone) return name_refused(fault, named);
  const json update = update_of(named, json::object());
  if (!desk.profiles.update(update, call.topic(), call.now)) return database_error();
  return {.status = 202, .body = "Accepted", .content_type = "text/plain"};
}

}  // namespace sojourn::sandbox
