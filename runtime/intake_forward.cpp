#include "runtime/intake_forward.h"

#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.h"
#include "runtime/intake_endpoint.h"
#include "runtime/string_map.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using simdjson::dom::element;
using simdjson::dom::object;
using Json = nlohmann::json;

void append_member(std::string& out, std::string_view name, const std::string& json) {
  if (out.size() > 1) out += ',';
  base::append_json_string(out, name);
  out += ':';
  out += json;
}

std::string text_of(const element& value) {
  return std::string(simdjson::minify(value));
}

// The members of `from`, but for null ones of that name, which are as if they were not there.
std::string with_id(const object& from, const std::string& id) {
  std::string_view given;
  if (from["id"].get(given) == simdjson::SUCCESS) return std::string(simdjson::minify(from));
  std::string out = "{";
  for (const auto& [name, value] : from) {
    if (name != "id") append_member(out, name, text_of(value));
  }
  std::string quoted;
  base::append_json_string(quoted, id);
  append_member(out, "id", quoted);
  return out + "}";
}

// What a root says of all its items is repeated with each of them. So only settings are, by name,
// and only where they are no texts, lists or objects: else some thousand items would make a body of
// megabytes some thousand times as large.
bool is_setting(const element& value) {
  return !value.is_string() && !value.is_array() && !value.is_object();
}

// One of a list's users, with what the call says of all of them.
std::string alone(const object& body, const object& item) {
  static constexpr const char* kForAll[]{"listId", "updateExistingUsersOnly", "campaignId",
                                         "channelUnsubscribe"};
  std::string out = "{";
  for (const char* name : kForAll) {
    element value;
    const bool is_said = body[name].get(value) == simdjson::SUCCESS && is_setting(value);
    if (is_said) append_member(out, name, text_of(value));
  }
  append_member(out, "subscribers", "[" + std::string(simdjson::minify(item)) + "]");
  return out + "}";
}

// Whom a single update is about stands at its root. Of the root of a bulk call only the setting for
// all goes along: another name there could become a second one of each item's user.
std::string update_of(const object& body, const object& item) {
  constexpr const char* kForAll = "createNewFields";
  std::string out = "{";
  for (const auto& [name, value] : item) append_member(out, name, text_of(value));
  element for_all;
  const bool is_said = item[kForAll].error() == simdjson::SUCCESS;
  if (!is_said && body[kForAll].get(for_all) == simdjson::SUCCESS && is_setting(for_all)) {
    append_member(out, kForAll, text_of(for_all));
  }
  return out + "}";
}

const Person& person_of(const IntakeItem& item) {
  return std::visit([](const auto& it) -> const Person& { return it.person; }, item);
}

bool is_bulk(Endpoint endpoint) {
  return endpoint == Endpoint::kUsersBulkUpdate || endpoint == Endpoint::kEventsTrackBulk ||
         endpoint == Endpoint::kListsSubscribe || endpoint == Endpoint::kListsUnsubscribe ||
         endpoint == Endpoint::kSubscriptionsBulkUpdate;
}

void gather(const Json& from, std::span<const char* const> lists, bool lower, StringSet& into) {
  for (const char* list : lists) {
    const auto found = from.find(list);
    if (found == from.end() || !found->is_array()) continue;
    for (const Json& name : *found) {
      if (!name.is_string()) continue;
      const auto& text = name.get_ref<const std::string&>();
      into.insert(lower ? base::lower_ascii(text) : text);
    }
  }
}

struct Failed {
  StringSet emails;
  StringSet user_ids;
  StringSet event_names;
};

// Whoever left a list that they were not on has left it: that is no failure.
Failed failed_in(const Json& answer, bool leaves_list) {
  static constexpr const char* kEmails[]{"invalidEmails",   "invalidDataEmails",  "conflictEmails",
                                         "forgottenEmails", "validEmailFailures", "notFoundEmails"};
  static constexpr const char* kUserIds[]{"invalidUserIds",      "invalidDataUserIds",
                                          "conflictUserIds",     "forgottenUserIds",
                                          "validUserIdFailures", "notFoundUserIds"};
  static constexpr const char* kNames[]{"disallowedEventNames"};
  const std::size_t count = std::size(kEmails) - (leaves_list ? 1 : 0);
  Failed out;
  const auto nested = answer.find("failedUpdates");
  for (const Json* from : {&answer, nested == answer.end() ? nullptr : &*nested}) {
    if (from == nullptr || !from->is_object()) continue;
    gather(*from, std::span(kEmails).first(count), true, out.emails);
    gather(*from, std::span(kUserIds).first(count), false, out.user_ids);
  }
  gather(answer, kNames, false, out.event_names);
  return out;
}

}  // namespace

IntakeForward forward_of(Endpoint endpoint, const object& body, const object& item,
                         const std::string& generated_id) {
  switch (endpoint) {
    case Endpoint::kEventsTrack:
    case Endpoint::kTrackPurchase:
      return {std::string(path_of(endpoint)), with_id(body, generated_id)};
    case Endpoint::kEventsTrackBulk:
      return {std::string(path_of(Endpoint::kEventsTrack)), with_id(item, generated_id)};
    case Endpoint::kUsersBulkUpdate:
      return {std::string(path_of(Endpoint::kUsersUpdate)), update_of(body, item)};
    case Endpoint::kSubscriptionsBulkUpdate:
      return {std::string(path_of(Endpoint::kSubscriptionsUpdate)),
              std::string(simdjson::minify(item))};
    case Endpoint::kListsSubscribe:
    case Endpoint::kListsUnsubscribe:
      return {std::string(path_of(endpoint)), alone(body, item)};
    default:
      return {std::string(path_of(endpoint)), std::string(simdjson::minify(body))};
  }
}

void keep_taken(IntakeRequest& request, int status, const std::string& answer) {
  if (status < 200 || status > 299) return request.items.clear();
  if (!is_bulk(request.endpoint)) return;
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object()) return;
  const Failed failed = failed_in(json, request.endpoint == Endpoint::kListsUnsubscribe);
  // What neither of us takes is nothing that only Iterable has.
  std::erase_if(request.failures, [&](const IntakeFailure& failure) {
    return failed.emails.contains(base::lower_ascii(failure.identity)) ||
           failed.user_ids.contains(failure.identity);
  });
  std::erase_if(request.items, [&](const IntakeItem& item) {
    const Person& person = person_of(item);
    const auto* event = std::get_if<IntakeEvent>(&item);
    return (person.email && failed.emails.contains(*person.email)) ||
           (person.user_id && failed.user_ids.contains(*person.user_id)) ||
           (event != nullptr && failed.event_names.contains(event->wire_name));
  });
}

}  // namespace sojourn::runtime
