// What changes who a user is: another address, one user made of two, deletion, and forgetting.
#include <algorithm>
#include <fmt/core.h>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/identity.h"
#include "sandbox/names.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr NameMembers kCurrent{"currentEmail", "currentUserId"};
constexpr NameMembers kSource{"sourceEmail", "sourceUserId"};
constexpr NameMembers kDestination{"destinationEmail", "destinationUserId"};

Reply no_such_user(const Named& named) {
  return envelope(
      400, "BadParams",
      fmt::format("User does not exist. Email: {} UserId: {}", named.email, named.user_id));
}

// The profile under a name is from now on under another; `names` has the members that change.
base::Status rename(Desk& desk, const Named& from, json profile, const json& names,
                    std::string_view topic, base::Instant now) {
  if (auto erased = desk.profiles.erase(from.subject(), now); !erased) return erased;
  profile.update(names);
  return desk.profiles.replace(profile, topic, now);
}

// A value as a list of values.
json listed(const json& value) {
  if (value.is_array()) return value;
  return value.is_null() ? json::array() : json::array({value});
}

// Both lists, without what is twice: the same value, or objects alike in `by`.
json joined(const json& first, const json& second, const std::string& by) {
  json out = listed(first);
  for (const json& value : listed(second)) {
    const bool there = std::any_of(out.begin(), out.end(), [&](const json& one) {
      if (by.empty()) return one == value;
      return one.is_object() && value.is_object() && one.contains(by) && value.contains(by) &&
             one[by] == value[by];
    });
    if (!there) out.push_back(value);
  }
  return out;
}

// What the destination lacks comes from the source; the fields of `arrays` are joined.
json merged(const json& source, json destination, const json& arrays) {
  json& fields = destination["dataFields"];
  const json& more = source.at("dataFields");
  for (const json& one : arrays) {
    const std::string field = one.value("field", "");
    if (!more.contains(field) && !fields.contains(field)) continue;
    fields[field] =
        joined(fields.value(field, json()), more.value(field, json()), one.value("dedupeBy", ""));
  }
  for (const auto& [name, value] : more.items()) {
    if (!fields.contains(name)) fields[name] = value;
  }
  if (!destination.contains("userId") && source.contains("userId")) {
    destination["userId"] = source["userId"];
  }
  return destination;
}

Reply erased(Desk& desk, const Named& named, base::Instant now, const std::string& words) {
  const auto there = desk.profiles.exists(named.subject());
  if (!there) return database_error();
  if (!*there) return no_such_user(named);
  if (!desk.profiles.erase(named.subject(), now)) return database_error();
  return success(words);
}

}  // namespace

Reply update_email(Desk& desk, const Call& call) {
  Named current = named_in(call.body, kCurrent);
  if (!current.email.empty()) current.user_id.clear();  // the email wins
  const std::string wanted = call.body.at("newEmail").get<std::string>();
  const NameFault fault = fault_of(desk, call.body, kCurrent);
  if (fault != NameFault::kNone) return name_refused(fault, current, 409);
  if (!valid_email(wanted)) return invalid_email(wanted);
  const auto profile = desk.profiles.find(current.subject());
  const auto taken = desk.profiles.exists(email_subject(wanted));
  if (!profile || !taken) return database_error();
  const std::string words =
      fmt::format("Cannot change user Some({}) to {}.", current.shown(), wanted);
  if (profile->is_null()) return envelope(400, "BadParams", words + " User does not exist");
  const bool same = email_subject(profile->value("email", "")) == email_subject(wanted);
  if (!same && (*taken || desk.profiles.forgotten(email_subject(wanted)))) {
    return envelope(400, "EmailAlreadyExists", words + " New email already exists");
  }
  if (!rename(desk, current, *profile, {{"email", wanted}}, call.topic(), call.now)) {
    return database_error();
  }
  return success(fmt::format("Changed email of {} to {}", current.shown(), wanted));
}

Reply merge_users(Desk& desk, const Call& call) {
  const Named source = named_in(call.body, kSource);
  const Named destination = named_in(call.body, kDestination);
  for (const NameMembers members : {kSource, kDestination}) {
    const NameFault fault = fault_of(desk, call.body, members);
    if (fault != NameFault::kNone) return name_refused(fault, named_in(call.body, members), 409);
  }
  const auto from = desk.profiles.find(source.subject());
  const auto into = desk.profiles.find(destination.subject());
  if (!from || !into) return database_error();
  if (from->is_null()) return no_such_user(source);
  if (into->is_null()) {
    const json names = destination.email.empty() ? json{{"userId", destination.user_id}}
                                                 : json{{"email", destination.email}};
    if (!rename(desk, source, *from, names, call.topic(), call.now)) return database_error();
    return success("");
  }
  if (*from == *into) return envelope(400, "BadParams", "Source and destination are the same user");
  const json arrays = call.body.value("arrayMerge", json::array());
  if (!rename(desk, source, merged(*from, *into, arrays), json::object(), call.topic(), call.now)) {
    return database_error();
  }
  return success("");
}

Reply delete_by_email(Desk& desk, const Call& call) {
  const std::string& name = call.names.at(0);
  if (!valid_email(name)) return invalid_email(name);
  return erased(desk, {name, {}}, call.now, fmt::format("User {} was successfully deleted", name));
}

Reply delete_by_user_id(Desk& desk, const Call& call) {
  const std::string& name = call.names.at(0);
  if (!valid_user_id(name)) return invalid_user_id(name);
  return erased(desk, {{}, name}, call.now,
                fmt::format("All users associated with {} were successfully deleted", name));
}

// Under both names, so that neither brings them back.
Reply forget_user(Desk& desk, const Call& call) {
  const Named named = named_in(call.body);
  const NameFault fault = fault_of(desk, call.body);
  if (fault == NameFault::kForgotten) return success("");
  if (fault != NameFault::kNone) return name_refused(fault, named);
  const auto profile = desk.profiles.find(named.subject());
  if (!profile) return database_error();
  std::vector<std::string> subjects{named.subject()};
  if (profile->is_object()) {
    if (profile->contains("email")) subjects.push_back(email_subject(profile->value("email", "")));
    if (profile->contains("userId")) {
      subjects.push_back(user_id_subject(profile->value("userId", "")));
    }
    if (!desk.profiles.erase(named.subject(), call.now)) return database_error();
  }
  for (const std::string& subject : subjects) {
    if (!desk.profiles.forget(subject, true, call.now)) return database_error();
  }
  return success("");
}

Reply unforget_user(Desk& desk, const Call& call) {
  const Named named = named_in(call.body);
  const NameFault fault = fault_of(desk, call.body);
  if (fault != NameFault::kNone && fault != NameFault::kForgotten && fault != NameFault::kUnknown) {
    return name_refused(fault, named);
  }
  if (!desk.profiles.forget(named.subject(), false, call.now)) return database_error();
  return success("");
}

}  // namespace sojourn::sandbox
