// Lists, and what profiles say of memberships.
#include "sandbox/memberships.h"

#include <algorithm>
#include <fmt/core.h>

#include "sandbox/answers.h"
#include "sandbox/bulk_answer.h"
#include "sandbox/calls.h"
#include "sandbox/user_data.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

// A list that was just made is not there at once.
bool has_list(const Desk& desk, std::int64_t id, base::Instant now) {
  if (desk.project.open()) return true;
  const json* row = desk.project.find(ProjectTable::kLists, id);
  const base::Millis lag = desk.options.read_lag;
  return row != nullptr && row->value("createdAt", std::int64_t{0}) <= (now - lag).millis;
}

// Seen with this code.
Reply unknown_list(const Desk& desk, std::int64_t id) {
  return envelope(400, "Success", fmt::format("error.lists.invalidListId({})", id),
                  fmt::format(R"({{"projectId":{},"listId":{}}})", desk.project.id(), id));
}

Reply change_list(Desk& desk, const Call& call, bool joins) {
  BulkAnswer answer(BulkAnswer::Kind::kUsers);
  const std::int64_t list = call.body.at("listId");
  const char* member = list_field(desk.project.type());
  if (!has_list(desk, list, call.now)) return unknown_list(desk, list);
  for (const json& item : call.body.at("subscribers")) {
    const Named named = named_in(desk, item);
    const NameFault fault = fault_of(desk, item, {}, joins ? unknown_in(item) : Unknown::kRefused);
    if (fault != NameFault::kNone) {
      if (!name_failed(answer, fault, named)) return name_refused(fault, named);
      continue;
    }
    const DataFault data = joins ? fault_of_data(desk, item) : DataFault::kNone;
    if (data != DataFault::kNone) {
      if (!data_failed(answer, data, named)) return data_refused(desk, data, item);
      continue;
    }
    const auto user = desk.profiles.find(named.subject());
    if (!user) return database_error();
    const json lists = ids_of(*user, member);
    const bool is_on = std::find(lists.begin(), lists.end(), json(list)) != lists.end();
    if (!joins && !is_on) {
      answer.failed(named.by_email() ? "notFoundEmails" : "notFoundUserIds", named.shown());
      continue;
    }
    json update = joins ? item : update_of(named, json::object());
    update["dataFields"][member] = with_id(lists, list, joins);
    if (!take_data(desk, update, call.topic(), call.now)) return database_error();
    answer.succeeded();
  }
  return answer.reply();
}

}  // namespace

json ids_of(const json& user, const char* field) {
  json ids = json::array();
  if (!user.is_object() || !data_fields(user).is_object()) return ids;
  const json value = data_fields(user).value(field, json());
  for (const json& id : value.is_array() ? value : json::array({value})) {
    if (id.is_number_integer()) ids.push_back(id);
  }
  return ids;
}

json with_id(json ids, std::int64_t id, bool present) {
  ids.erase(std::remove(ids.begin(), ids.end(), json(id)), ids.end());
  if (present) ids.push_back(id);
  return ids;
}

json update_of(const Named& named, json fields) {
  json item{{"dataFields", std::move(fields)}};
  if (named.by_email()) {
    item["email"] = named.email;
  } else {
    item["userId"] = named.user_id;
  }
  return item;
}

Reply join_list(Desk& desk, const Call& call) {
  return change_list(desk, call, true);
}

Reply leave_list(Desk& desk, const Call& call) {
  return change_list(desk, call, false);
}

}  // namespace sojourn::sandbox
