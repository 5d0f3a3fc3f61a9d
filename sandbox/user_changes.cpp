// What changes who a user is: another address, one user made of two, deletion, and forgetting.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <openssl/evp.h>

#include "base/check.h"
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

// The SHA-256 of everybody who was forgotten under names of one kind.
Reply hashed(const Desk& desk, std::string_view kind, const char* member) {
  json list = json::array();
  for (const std::string& name : desk.profiles.forgotten_names(kind)) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    const int done =
        EVP_Digest(name.data(), name.size(), digest.data(), &size, EVP_sha256(), nullptr);
    SOJOURN_CHECK(done == 1 && size == digest.size(), "SHA-256 takes any text");
    std::string& hex = list.emplace_back(std::string()).get_ref<std::string&>();
    for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  }
  const json body{{member, std::move(list)}};
  return {.body = body.dump()};
}

}  // namespace

Reply update_email(Desk& desk, const Call& call) {
  if (desk.project.type() != ProjectType::kEmail) {
    return envelope(400, "BadParams",
                    "users/updateEmail is for projects of emails; say the new email in the "
                    "dataFields of users/update");
  }
  Named current = named_in(desk, call.body, kCurrent);
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
  json renamed = *profile;
  renamed["email"] = wanted;
  if (!desk.profiles.rename(current.subject(), renamed, call.topic(), call.now)) {
    return database_error();
  }
  return success(fmt::format("Changed email of {} to {}", current.shown(), wanted));
}

Reply merge_users(Desk& desk, const Call& call) {
  const Named source = named_in(desk, call.body, kSource);
  const Named destination = named_in(desk, call.body, kDestination);
  for (const NameMembers members : {kSource, kDestination}) {
    const NameFault fault = fault_of(desk, call.body, members);
    if (fault != NameFault::kNone)
      return name_refused(fault, named_in(desk, call.body, members), 409);
  }
  const auto from = desk.profiles.find(source.subject());
  const auto into = desk.profiles.find(destination.subject());
  if (!from || !into) return database_error();
  if (from->is_null()) return no_such_user(source);
  if (into->is_null()) {
    json renamed = *from;
    renamed[destination.by_email() ? "email" : "userId"] = destination.shown();
    if (!desk.profiles.rename(source.subject(), renamed, call.topic(), call.now)) {
      return database_error();
    }
    return success("");
  }
  if (*from == *into) return envelope(400, "BadParams", "Source and destination are the same user");
  const json arrays = call.body.value("arrayMerge", json::array());
  const json both = merged(*from, *into, arrays);
  if (!desk.profiles.rename(source.subject(), both, call.topic(), call.now)) {
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
  const Named named = named_in(desk, call.body);
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

Reply forgotten_emails(Desk& desk, const Call&) {
  return hashed(desk, "email:", "hashedEmails");
}

Reply forgotten_user_ids(Desk& desk, const Call&) {
  return hashed(desk, "user_id:", "hashedUserIds");
}

Reply unforget_user(Desk& desk, const Call& call) {
  const Named named = named_in(desk, call.body);
  const NameFault fault = fault_of(desk, call.body);
  if (fault != NameFault::kNone && fault != NameFault::kForgotten && fault != NameFault::kUnknown) {
    return name_refused(fault, named);
  }
  if (!desk.profiles.forget(named.subject(), false, call.now)) return database_error();
  return success("");
}

}  // namespace sojourn::sandbox
